"""Tests that the documentation says what the program does."""
