"""Stars: a level is reached by the books and granted by a person, once, and never lost silently."""
