"""One outbox for everything that leaves the door."""
