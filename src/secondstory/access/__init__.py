"""How rows are reached: only through the eyes of a person, or for the system with a reason. Ids and tokens."""
