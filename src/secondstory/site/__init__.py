"""Puts the parts together; nothing imports it."""
