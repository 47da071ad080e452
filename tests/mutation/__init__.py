"""Mutation: is there a change of the program that no test would notice? Run by hand: `python -m tests.mutation`."""
