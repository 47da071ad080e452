"""Evidence: what others hold against the books. Signed heads, witnesses, receipts, the bundle and its verifier."""
