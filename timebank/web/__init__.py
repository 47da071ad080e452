"""The web shell: one module per audience; it translates and never decides."""
