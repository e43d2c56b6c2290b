"""The console as plain lines: for screen readers, and for terminals that cannot place a cursor."""
