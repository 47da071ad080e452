"""Tokens: with what a program comes to the API in the name of a member of the staff, and what it may do there."""
