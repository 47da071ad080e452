"""Star levels: the ladder, award cases and their history."""
