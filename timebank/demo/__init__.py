"""The demo: a community of invented people, made through the same operations as a real one, with acts in the past."""
