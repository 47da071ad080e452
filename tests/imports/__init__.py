"""Files that come in: what is read, what is refused, and that every problem is told."""
