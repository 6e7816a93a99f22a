"""Imported artefacts: what was seen, said and recorded at the time."""
