"""The ledger on disk: append-only tables, one writer, statements and the trail."""
