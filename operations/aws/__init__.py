"""Everything that knows AWS: the one door to it and the offline model of its API."""
