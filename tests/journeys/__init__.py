"""Whole stories, from the first command to the verified books."""
