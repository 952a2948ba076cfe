"""Files that readers take with them, made from the frames that pages show."""
