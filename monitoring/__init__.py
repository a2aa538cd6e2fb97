"""What became of the money."""
