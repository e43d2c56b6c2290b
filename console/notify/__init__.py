"""Notifications about a journal's few important events, by a follower of its own that no run ever waits for."""
