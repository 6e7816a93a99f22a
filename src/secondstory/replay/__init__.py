"""Standing in a lane at a time, and seeing only what was available from there."""
