"""One socket a person, carrying ids and nothing else."""
