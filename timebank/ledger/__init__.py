"""The pure core: units that move between accounts, without I/O, clock or framework."""
