"""The core is exact: what moves, what may move, and how anyone can check it."""
