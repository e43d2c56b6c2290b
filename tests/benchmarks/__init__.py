"""Measurements: `python -m tests.benchmarks [NAME…]` prints them. They judge nothing; machines differ."""
