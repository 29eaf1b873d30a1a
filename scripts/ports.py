"""Whether a server could listen on an address."""

from __future__ import annotations

import socket


class StartError(Exception):
    """Why the server cannot start, with what to do about it."""


def check_port(host: str, port: int) -> None:
    """Raise StartError unless a server could listen there now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As gunicorn does: what a stopped server left behind is no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise StartError(
            f"Cannot listen on {host}:{port} ({error.strerror}): stop what uses it, or "
            "choose another address with DATELINE_HOST and DATELINE_PORT."
        ) from None
