"""From foreign bytes to drafts: the one table of the formats. Runs in a process apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemas.formats import (
    channels,
    documents,
    languages,
    newsml,
    ninjs,
    nitf,
    pages,
    recognising,
    tables,
    texts,
    trees,
    wires,
)
from schemas.formats.drafts import Draft, UnreadableError
from schemas.problems import Fault

MOST_DRAFTS = 20_000
"""How many articles one text may have."""


@dataclass(frozen=True, slots=True)
class Source:
    """Foreign bytes and what is known of them: format, charset, columns of a table."""

    data: bytes
    format: str = ""
    charset: str | None = None
    columns: Mapping[str, str] | None = None


def read(source: Source) -> list[Draft]:
    """Return the articles of a text; raises UnreadableError if there are none.

    Without a format it is recognised. The language of a text that says none is found
    from its words.
    """
    source = replace(source, data=recognising.as_utf8(source.data))
    kind = source.format or recognising.recognise(source.data[: recognising.HEAD])
    what = recognising.binary(source.data[: recognising.HEAD])
    if what and kind != "wire":
        raise UnreadableError(f"This is no text ({what}). Save it as text first.")
    drafts = _read(kind, source)
    if len(drafts) > MOST_DRAFTS:
        raise UnreadableError(
            f"It has {len(drafts):,} articles; {MOST_DRAFTS:,} are read at a time."
        )
    return [draft if draft.strict else _in_words(draft) for draft in drafts]


def _read(kind: str, source: Source) -> list[Draft]:
    match kind:
        case "html":
            return pages.read(source.data, charset=source.charset)
        case "feed":
            return channels.read(source.data, charset=source.charset)
        case "newsml" | "nitf" | "xml":
            return _xml(source.data)
        case "csv":
            return tables.read(
                source.data, charset=source.charset, columns=source.columns
            )
        case "text":
            return texts.read(source.data, charset=source.charset)
        case _:
            return _plain(kind, source.data)


def _plain(kind: str, data: bytes) -> list[Draft]:
    if kind == "wire":
        return wires.read(data)
    if kind == "ninjs":
        return ninjs.read(documents.load(data))
    return documents.read(data)


def _xml(data: bytes) -> list[Draft]:
    root = trees.xml(data)
    match trees.local(root):
        case "nitf":
            return nitf.read(root)
        case "newsitem" | "newsmessage" | "newsml" | "packageitem":
            return newsml.read(root)
        case "rss" | "rdf" | "feed":
            return channels.read(data)
        case "html":
            return pages.read(data)
        case other:
            raise UnreadableError(
                f"XML with the root {other!r} is not read here: NewsML, NITF, RSS and "
                "Atom are."
            )


def _in_words(draft: Draft) -> Draft:
    if draft.values.get("language") or not draft.values:
        return draft
    found = languages.language(draft.values)
    if not found:
        return draft
    warning = Fault("/language", f"None is given: {found} by the words of the text.")
    return replace(
        draft,
        values={**draft.values, "language": found},
        warnings=(*draft.warnings, warning),
    )
