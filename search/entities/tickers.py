"""Tickers in the forms in which they are printed: (NASDAQ: AAPL), <AAPL.O>, $AAPL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_EXCHANGES: Final = (
    "NYSE(?: American| Arca| MKT)?|AMEX|NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|OTC(?:QB"
    "|QX|BB|MKTS| Markets)?|TSX(?:V|-V)?|CSE|LSE|AIM|LON|ASX|NZX|NSE|BSE|HKEX|SEHK|HKG"
    "|SGX|KRX|TSE|TYO|FRA|ETR|XETRA|Xetra|EPA|AMS|BIT|BME|SIX|SWX|STO|CPH|HEL|OSL|JSE|SSE"
)
_SYMBOL: Final = r"[A-Z0-9]{1,6}(?:[.-][A-Z]{1,2})?"
_PRINTED = re.compile(
    # One class of characters first: `re` then leaps from one to the next.
    r"[(\[,;<$](?:"
    rf"(?<=[(\[,;]) ?(?:{_EXCHANGES}) ?: ?(?P<listed>{_SYMBOL})(?=[)\],; ])"
    rf"|(?<=<)(?P<angle>{_SYMBOL})>"
    r"|(?<=\()(?P<code>[A-Z0-9]{1,6})\.(?:N|O|OQ|A|K|L|PA|DE|F|T|HK|SS|SZ|TO|AX|NS|BO|MI|MC|AS"
    r"|S|VX|ST|CO|HE|OL|BR|LS|VI|SI|KS|TW|SA|MX|JO|ME)\)"
    r"|(?<![\w$]\$)(?<=\$)(?P<cash>[A-Z]{1,5})(?![\w.,]*\d)\b)"
)


def printed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (symbol, start, end) for each printed ticker of a plain text.

    Behind the full stop of <AAPL.O> stands a market, which is left out.
    """
    for match in _PRINTED.finditer(text):
        symbol = match[match.lastgroup or 0]
        if match.lastgroup == "angle":
            symbol = symbol.partition(".")[0]
        yield symbol, match.start(), match.end()
