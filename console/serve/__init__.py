"""The console in a browser, read-only: `cutover serve`."""
