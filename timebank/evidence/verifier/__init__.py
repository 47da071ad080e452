"""The verifier: one file that travels in every evidence bundle; it imports nothing of ours, and nothing of ours it."""
