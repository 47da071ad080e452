"""The log on disk: the Merkle tree over the entries, and the alarm that stops the books when the log does not hold."""
