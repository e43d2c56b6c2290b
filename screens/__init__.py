"""What the operator sees: a screen or dialog a module, its stylesheet beside it."""
