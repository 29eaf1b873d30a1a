"""The language of a text that does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

_LEAST = 60
_MOST = 2_000
_SURE = 0.9


def language(values: Mapping[str, Any]) -> str | None:
    """Return the language of an article's words as ISO 639-1; None if it is not sure.

    By py3langid, which knows 97 languages.
    """
    parts = (values.get(key) or "" for key in ("title", "summary", "body"))
    text = "\n".join(parts)[:_MOST]
    if len(text) < _LEAST:
        return None
    found, sure = _identifier().classify(text)
    return str(found) if sure >= _SURE else None


@cache
def _identifier() -> Any:
    # Imported here: its model is 30 MB, and most formats say the language.
    from py3langid import langid  # noqa: PLC0415

    return langid.LanguageIdentifier.from_pickled_model(
        langid.MODEL_FILE, norm_probs=True
    )
