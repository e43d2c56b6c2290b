"""The runner: carries operations out and back, journal first."""
