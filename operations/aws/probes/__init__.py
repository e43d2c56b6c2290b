"""How to find out whether a call that never answered was applied: one read per non-repeatable action."""
