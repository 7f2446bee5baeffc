"""How hundreds of patterns are looked for in millions of cells and texts at once."""
