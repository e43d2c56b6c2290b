"""Errors of the drill room."""


class SandboxError(RuntimeError):
    """The embedded sandbox could not be started or reached; the message is one line for a person."""
