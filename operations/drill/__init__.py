"""The embedded AWS sandbox, its traffic, and what drills are made of."""
