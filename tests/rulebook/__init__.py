"""The rules: data that is read strictly, computes exactly, and is published by two persons."""
