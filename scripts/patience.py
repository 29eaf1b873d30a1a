"""A cluster that restarts is waited for: a long load ends by itself all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from search.errors import EngineBusyError, EngineTimeoutError, EngineUnavailableError

SECONDS: Final = 300.0
"""How long an engine may be away before a load gives up."""

_SOON: Final = 10.0  # what may be asked again sooner than this is worth waiting for
_PAUSE: Final = 1.0

_T = TypeVar("_T")


def patiently(
    action: Callable[[], _T], tell: Callable[[str], None], seconds: float = SECONDS
) -> _T:
    """Do what may be done again without harm, until the engine is there.

    Tells once that it waits. A fault that somebody must mend, a full disk or a wrong
    key, is raised at once, any other after so many `seconds`.
    """
    until, told = time.monotonic() + seconds, False
    while True:
        try:
            return action()
        except (EngineBusyError, EngineTimeoutError, EngineUnavailableError) as fault:
            if not _passes(fault) or time.monotonic() > until:
                raise
            if not told:
                tell(f"{fault} Waiting for up to {seconds:.0f} seconds.")
            told = True
        time.sleep(_PAUSE)


def _passes(
    fault: EngineBusyError | EngineTimeoutError | EngineUnavailableError,
) -> bool:
    if isinstance(fault, EngineTimeoutError):
        return True
    return fault.retry_after is not None and fault.retry_after <= _SOON
