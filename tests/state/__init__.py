"""Tests of the journal, its chain, its lease and what is folded from it."""
