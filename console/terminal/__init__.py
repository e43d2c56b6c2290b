"""The wire between a console and the terminal: first picture, keys, bytes, copies, and an orderly end."""
