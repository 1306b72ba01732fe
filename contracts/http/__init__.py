"""Bodies of the HTTP routes that others call."""
