"""Second Story: a self-hosted system for blameless reviews."""
