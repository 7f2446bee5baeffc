"""Column names: what their words say about what the column holds."""
