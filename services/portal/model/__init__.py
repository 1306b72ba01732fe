"""What the pages show, as values and pure functions: figures, formats, the map."""
