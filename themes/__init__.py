"""Colour themes as data, and their loader."""
