"""What was agreed to be done."""
