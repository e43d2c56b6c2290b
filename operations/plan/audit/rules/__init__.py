"""The rules of the audit, one module for each thing that they look at."""
