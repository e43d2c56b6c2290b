"""How a reply does not arrive: the connection closes, is reset, or stays silent."""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Mapping
from typing import Any, NoReturn


def close(environ: Mapping[str, Any]) -> NoReturn:
    """End the connection without an answer.

    Raises:
        ConnectionAbortedError: Always; the server takes it for a client that is gone.
    """
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def reset(environ: Mapping[str, Any]) -> NoReturn:
    """Reset the connection.

    Raises:
        ConnectionResetError: Always.
    """
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    ended, other = socket.socketpair()
    other.close()
    # the server goes on with a stream that is over, and ends by itself
    os.dup2(ended.fileno(), connection.fileno())
    ended.close()
    raise ConnectionResetError


def hang(environ: Mapping[str, Any], seconds: float) -> NoReturn:
    """Say nothing until the client has gone, or for so long; then end the connection.

    Raises:
        ConnectionAbortedError: Always.
    """
    connection: socket.socket = environ["werkzeug.socket"]
    select.select([connection], [], [], seconds)  # readable: the client has closed its end
    close(environ)
