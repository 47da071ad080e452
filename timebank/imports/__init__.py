"""Files that come in: registers, opening balances, sign-in sheets and deliveries, as batches."""
