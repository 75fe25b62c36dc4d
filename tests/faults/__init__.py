"""kill -9 of the real process at each step, then restart."""
