"""Encryption at rest under keys kept outside the database."""
