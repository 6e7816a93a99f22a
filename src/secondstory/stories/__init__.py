"""First-person accounts, told in safety: what each author shares, with whom, and how it is laid beside the others."""
