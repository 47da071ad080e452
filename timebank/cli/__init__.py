"""The `timebank` command: one module per noun, the same operations as the pages. Data on stdout, talk on stderr."""

from timebank.cli.root import main

__all__ = ["main"]
