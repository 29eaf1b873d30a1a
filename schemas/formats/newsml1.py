"""NewsML 1: what agencies sent before NewsML-G2, and some still send."""

from __future__ import annotations

from schemas.formats import trees
from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.prose import paragraphs
from schemas.formats.trees import Element
from schemas.formats.wording import names, unique

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(root: Element) -> list[Draft]:
    """Return the articles of a `NewsML` element; raises UnreadableError if none."""
    items = list(trees.below(root, "NewsItem"))
    if not items:
        raise UnreadableError("There is no NewsItem in it.")
    return [draft(_values(item)) for item in items]


def _values(item: Element) -> Values:
    content = trees.first(item, "DataContent")
    return {
        "id": trees.words(item, "PublicIdentifier"),
        "title": trees.words(item, "HeadLine"),
        "summary": trees.words(item, "SubHeadLine"),
        "body": "" if content is None else paragraphs(content),
        "source": _formal(item, "Provider", "Party"),
        "authors": names(trees.words(item, "ByLine")),
        "published_at": written(trees.words(item, "FirstCreated", "DateId")),
        "updated_at": written(trees.words(item, "ThisRevisionCreated")),
        "language": item.get(_LANG) or _formal(item, "DescriptiveMetadata", "Language"),
        "tags": unique(trees.word(node) for node in trees.below(item, "KeywordLine")),
        "metadata": {
            "slugline": trees.words(item, "SlugLine"),
            "dateline": trees.words(item, "DateLine"),
            "urgency": _formal(item, "NewsManagement", "Urgency"),
            "copyright": trees.words(item, "CopyrightLine"),
        },
    }


def _formal(item: Element, outer: str, inner: str) -> str:
    for part in trees.below(item, outer):
        for node in trees.below(part, inner):
            if name := node.get("FormalName"):
                return str(name)
    return ""
