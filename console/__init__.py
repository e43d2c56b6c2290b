"""The command line, the app, the composition root: what ties the rooms together."""
