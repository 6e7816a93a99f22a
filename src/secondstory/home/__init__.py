"""What needs you now."""
