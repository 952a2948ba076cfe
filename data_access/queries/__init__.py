"""Read-only questions to the store. Each function returns a frame with the columns it names."""
