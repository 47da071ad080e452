"""`python -m timebank.cli` is the `timebank` command."""

from timebank.cli.root import main

main()
