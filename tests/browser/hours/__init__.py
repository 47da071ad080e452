"""Activities and hours in a real browser: the coordinator at a desk, the volunteer on a phone."""
