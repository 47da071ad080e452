"""Verification: the books, the records and the stock read again and compared."""
