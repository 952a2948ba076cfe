"""Data in: a file → checked rows → what they would change → one batch, or nothing."""
