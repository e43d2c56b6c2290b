"""The journal and what is folded from it; knows nothing of the rest."""
