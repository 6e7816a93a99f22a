"""Second Story: a self-hosted system for blameless reviews."""

__version__ = "0.1.0"
