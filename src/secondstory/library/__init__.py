"""Reviews read in from elsewhere."""
