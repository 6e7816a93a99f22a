"""Persons, teams, role labels, invitations and tokens."""
