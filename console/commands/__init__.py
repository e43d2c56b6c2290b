"""The commands, a module each; they import what is heavy only when they are called."""
