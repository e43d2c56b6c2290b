"""Bundled migration plans, one folder each: data only, no code."""
