"""The journal as a console reads it: what it says now, at any moment of the past, and in a review."""
