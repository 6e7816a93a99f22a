"""Background work: every slice says what must not be forgotten, one worker sweeps it."""
