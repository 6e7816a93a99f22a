"""The review, its stage, who takes part, and who may see it."""
