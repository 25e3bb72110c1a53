"""What failed, for somebody to look at."""
