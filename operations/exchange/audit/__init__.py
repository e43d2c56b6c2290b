"""The audit of what people already keep: trackers, scripts and definitions, each finding with file and line."""
