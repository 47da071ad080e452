"""Activities and service records: who served, when, how long, approved and rated by whom."""
