"""Where this server is, as the client names it."""

from __future__ import annotations

import re
from typing import Final

from flask import request

from api.problems import Problem

_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def address() -> str:
    """Return the address of this server as the client names it.

    It is written into answers: a name that is none goes no further. Raises Problem.
    """
    if not _HOST.fullmatch(request.host):
        raise Problem(
            "bad-request",
            "Send this server's name in the Host header: HOST or HOST:PORT.",
        )
    return f"{request.scheme}://{request.host}"
