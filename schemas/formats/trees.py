"""XML and HTML, read without reaching out: no entities, no DTD, no network, no depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from schemas.formats.drafts import UnreadableError

Element: TypeAlias = Any
"""An element of lxml, which brings no types."""

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_NUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml(data: bytes) -> Element:
    """Return the root of an XML text; raises UnreadableError.

    Entities that the text declares itself, external ones and nesting beyond 256 levels
    are refused; what is not quite well-formed is not mended. What is UTF-8 is read so,
    whatever it says of itself; a charset that nobody knows is Windows-1252.
    """
    if _ENTITY.search(data):
        raise UnreadableError(
            "The XML declares entities, which are not read. Send it without them."
        )
    try:
        return _xml(data, "utf-8" if _is_utf8(data) else None)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        told = str(error).removesuffix(" (<string>, line 1)")[:200]
        raise UnreadableError(f"This is not well-formed XML: {told}") from None


def page(data: bytes, charset: str | None = None) -> Element:
    """Return the root of an HTML page in whatever charset it says it is in.

    What is UTF-8 is read so, whatever is said of it: a saved page is often written anew
    and its declaration is not. Otherwise a byte order mark counts most, then `charset`,
    then what the page declares. Raises UnreadableError where nothing is in it, or it is
    nested too deeply.
    """
    if _is_utf8(data):
        return _html(data.decode("utf-8-sig"))
    return _html(_decoded(data, charset))


def fragment(text: str) -> Element:
    """Return an element that has a piece of HTML in it."""
    try:
        return _html(f"<div>{text}</div>")
    except UnreadableError:
        return html.Element("div")


def local(node: Element) -> str:
    """Return an element's name without its namespace; none for comments and the like."""
    tag = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def below(node: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name in any namespace below a node, in their order."""
    yield from node.iter(f"{{*}}{name}")


def first(node: Element, *names: str) -> Element | None:
    """Return the first element below a node with the first of the names that is there."""
    for name in names:
        for found in below(node, name):
            return found
    return None


def word(node: Element | None) -> str:
    """Return the text of an element on one line."""
    return "" if node is None else " ".join("".join(node.itertext()).split())


def words(node: Element, *names: str) -> str:
    """Return the first text that is not blank of elements with these names."""
    texts = (word(found) for name in names for found in below(node, name))
    return next(filter(None, texts), "")


def _xml(data: bytes, charset: str | None) -> Element:
    parser = etree.XMLParser(
        encoding=charset,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        return etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        if error.code != etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING or charset:
            raise
        return _xml(data, "windows-1252")


def _html(text: str) -> Element:
    parser = html.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    clean = _NUL.sub("", text)
    try:
        root = html.document_fromstring(clean.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableError("There is no text in this page.") from None
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise UnreadableError("The page is nested too deeply: 256 levels are read.")
    return root


def _decoded(data: bytes, charset: str | None) -> str:
    header = f"text/html; charset={charset}" if charset else None
    try:
        text = str(html_to_unicode(header, data, default_encoding="cp1252")[1])
    except (LookupError, ValueError, OSError):  # Python has codecs that are no charsets
        text = ""
    lost = "\ufffd" in text and text.replace("\ufffd", "").isascii()
    return data.decode("cp1252", "replace") if lost or "<" not in text else text


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False
