"""The audit finds every damage, names it, and raises no alarm on honest books."""
