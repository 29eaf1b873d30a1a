"""The declaration of all query parameters: names, kinds, defaults, documentation.

The same parameters work on every path that answers a query; `MATCHES` adds those of
one facet's page. Names of fields come from the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from marshmallow import RAISE, Schema

from schemas.parameters import (
    AnyField,
    Choice,
    Flag,
    Length,
    Listing,
    Names,
    Plain,
    Question,
    Whole,
    Zone,
)
from search.catalog import FACET_FIELDS, FIELDS, KEYS, TEXT_FIELDS
from search.request import DateField, FacetMode, Interval, Sort

View: TypeAlias = Literal[
    "articles",
    "count",
    "export",
    "facets",
    "feeds",
    "quote_lines",
    "quote_table",
    "graph",
    "quotes",
    "significant",
    "similar",
    "table",
    "timeline",
]

AUTO = "auto"
WORD = "word"
"""What may be special beside the values of a field."""
ALL, NOT = ".all", ".not"
LARGEST_LIMIT = 100
"""How many articles an answer may have."""

_INTERVALS = (AUTO, *get_args(Interval))
_PERIOD = (
    "RFC 3339, a part of a date (2024, 2024-05, 2024-05-17), today, yesterday, or a "
    "time ago (24h, 7d, 2w, 3mo, 1y)."
)
_BY = ("count", "name")
_ENDS = ("oldest", "newest")


def size_of(field: str) -> str:
    """Return the parameter that says how many values of a facet are listed."""
    return f"facet.{field}.size"


_QUESTION: dict[str, AnyField] = {
    "q": Question(
        'Words (all of them), "phrase", "a b"~5, OR, NOT, -x, ( ), word*, word~, '
        "title:word. Not given: everything.",
        example='"carbon tax" OR levy',
    ),
    "q.syntax": Choice(
        "full: an error has a position. simple: never an error, for search boxes.",
        ("full", "simple"),
        "full",
    ),
}
_TIME: dict[str, AnyField] = {
    "from": Plain(f"The first moment: {_PERIOD}", example="2024-05"),
    "to": Plain(
        f"The last moment, its whole unit included: {_PERIOD}", example="today"
    ),
    "date": Choice(
        "Which date from, to, the timeline, newest and oldest use.",
        get_args(DateField),
        get_args(DateField)[0],
    ),
    "tz": Zone("The time zone of dates without one, and of the timeline."),
}
_SHAPE: dict[str, AnyField] = {
    "sort": Choice(
        "The order. Not given: relevance with words in q, else newest.",
        get_args(Sort),
        get_args(Sort)[0],
    ),
    "boost.recent": Length(
        "A duration (7d, 12h): the score halves for every such age.", example="30d"
    ),
    "limit": Whole("Articles in the answer; 0: only counts.", 0, LARGEST_LIMIT, 10),
    "page": Whole("The page; page x limit is at most 10,000.", 1, 999_999_999, 1),
    "cursor": Plain("Where to go on, from links.next of the same query."),
    "facet": Listing("Fields to count by, with commas.", FACET_FIELDS),
    "facet.size": Whole("Values listed of a facet.", 1, 100, 10),
    "facet.sort": Choice("The order of a facet's values.", _BY, _BY[0]),
    "facet.mode": Choice(
        "or: counts as if the field's own selection were not there. and: with it.",
        get_args(FacetMode),
        get_args(FacetMode)[0],
    ),
    "interval": Choice("Adds a timeline, in steps of this.", _INTERVALS, None),
    "fields": Listing(
        "Keys of the articles in the answer, with commas; -key removes from the "
        "usual ones, which are all but the body.",
        KEYS,
        removable=True,
    ),
    "highlight": Listing(
        "Fields of which to show where they match, with commas.", TEXT_FIELDS
    ),
    "highlight.size": Whole("Characters of a highlight, about.", 20, 1_000, 150),
    "highlight.count": Whole("Highlights of a field, at most.", 1, 20, 3),
    "highlight.format": Choice(
        "html: escaped, with <em>. offsets: characters of the field.",
        ("html", "offsets"),
        "html",
    ),
    "strict": Flag("An unknown or ambiguous name is an error and not a warning."),
}
_ONE_FACET: dict[str, AnyField] = {
    "match": Plain("Only values with these letters in their name.", example="mer"),
    "size": Whole("Values listed.", 1, 1_000, 100),
    "after": Plain("Go on behind the value with this id."),
    "sort": Choice("The order of the values.", _BY, _BY[0]),
}
_TIMELINE: dict[str, AnyField] = {
    "interval": Choice("The steps of the timeline.", _INTERVALS, AUTO),
    "by": Choice(
        "A timeline, too, of each of the most frequent values of this field: of as many "
        "as facet.size says.",
        FACET_FIELDS,
        None,
    ),
    "share": Flag("Say which part of all articles of the bucket it is."),
    "compare": Plain(
        "A second question, as the query string of an address, counted on the same axis.",
        example="q=recession&lang=en",
    ),
    "top": Flag("Show the first article of each bucket, by sort."),
}
_SIGNIFICANT: dict[str, AnyField] = {
    "field": Choice(
        "What may be special: values of a field, or words.",
        (*FACET_FIELDS, WORD),
        "company",
    ),
    "against": Plain(
        "With what to compare, as the query string of an address. Not given: with all "
        "articles.",
        example="from=2023&to=2023",
    ),
    "size": Whole("Values listed.", 1, 100, 20),
}
_GRAPH: dict[str, AnyField] = {
    "field": Listing(
        "Whose values are mentioned with whom, with commas. Not given: company,person.",
        FACET_FIELDS,
    ),
    "size": Whole("The most frequent values of each field that are shown.", 1, 100, 25),
}


def _shared(*names: str) -> dict[str, AnyField]:
    """Return parameters that other views take too."""
    return {name: _SHAPE[name] for name in names}


_EXPORT: dict[str, AnyField] = {
    "sort": Choice("By date: the oldest first, or the newest.", _ENDS, _ENDS[0]),
    "fields": Listing(
        "Keys of each article, in their order, with commas; -key removes from the usual "
        "ones, which are all (NDJSON), or all but the body (CSV).",
        KEYS,
        removable=True,
    ),
    "strict": _SHAPE["strict"],
    "after": Plain("Go on behind the article with this id, the last one received."),
}
_TABLE: dict[str, AnyField] = {
    **_EXPORT,
    "bom": Flag("Begin with a byte order mark, by which Excel knows UTF-8."),
}

_FEED: dict[str, AnyField] = {
    "limit": Whole("Articles in the feed.", 0, LARGEST_LIMIT, 50),
    **_shared("page", "cursor", "strict"),
}
_LOOK: dict[str, AnyField] = {
    "highlight": Listing(
        "Fields in which to look, with commas. Not given: all that have text.",
        TEXT_FIELDS,
    ),
    "highlight.size": Whole("Characters round a match, about.", 20, 1_000, 150),
    "strict": _SHAPE["strict"],
}
_QUOTES: dict[str, AnyField] = {
    "limit": Whole("Articles whose matches are listed.", 0, LARGEST_LIMIT, 10),
    **_shared("sort", "boost.recent", "page", "cursor"),
    **_LOOK,
}
_STREAM = {name: _EXPORT[name] for name in ("sort", "after")} | _LOOK


def _filters() -> dict[str, AnyField]:
    found: dict[str, AnyField] = {}
    for name in FACET_FIELDS:
        doc = FIELDS[name].doc
        found[name] = Names(f"{doc} Any of these names or ids.")
        found[name + ALL] = Names(f"{doc} All of these.")
        found[name + NOT] = Names(f"{doc} None of these.")
    return found


def _sizes() -> dict[str, AnyField]:
    return {
        size_of(name): Whole(f"Values listed of the facet {name}.", 1, 100)
        for name in FACET_FIELDS
    }


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def _schema(name: str, extra: Mapping[str, AnyField]) -> Schema:
    return _matching(name, {**_SHAPE, **_sizes(), **extra})


def _matching(name: str, extra: Mapping[str, AnyField]) -> Schema:
    declared = {**_QUESTION, **_filters(), **_TIME, **extra}
    return _Strict.from_dict(declared, name=name)()


VIEWS: dict[View, Schema] = {
    "articles": _schema("SearchParameters", {}),
    "count": _schema("CountParameters", {}),
    "export": _matching("ExportParameters", _EXPORT),
    "facets": _schema("FacetParameters", _ONE_FACET),
    "table": _matching("TableParameters", _TABLE),
    "timeline": _schema("TimelineParameters", _TIMELINE),
    "feeds": _matching("FeedParameters", _FEED),
    "similar": _matching(
        "SimilarParameters", _shared("limit", "page", "fields", "strict")
    ),
    "quotes": _matching("QuoteParameters", _QUOTES),
    "quote_lines": _matching("QuoteLineParameters", _STREAM),
    "quote_table": _matching("QuoteTableParameters", {**_STREAM, "bom": _TABLE["bom"]}),
    "significant": _matching(
        "SignificantParameters", {**_SIGNIFICANT, **_shared("strict")}
    ),
    "graph": _matching("GraphParameters", {**_GRAPH, **_shared("strict")}),
}
LISTS: frozenset[View] = frozenset(("articles", "feeds", "similar", "quotes"))
"""Views that list articles, a page at a time."""

EVERYWHERE = frozenset().union(*(schema.fields for schema in VIEWS.values()))
"""The names of all parameters of all views."""
