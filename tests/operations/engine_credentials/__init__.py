"""Tests of runs whose credentials end."""
