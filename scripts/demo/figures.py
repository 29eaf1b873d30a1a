"""The numbers behind the recurring reports: each follows from the one before."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from scripts.demo.material import Draft

Report = tuple[str, Draft]

_SHARES = {
    "nordhaven-energy": ("Nordhaven Energy", 24.0),
    "corvane-shipping": ("Corvane Shipping", 14.2),
    "coastlink-ferries": ("CoastLink Ferries", 8.4),
    "pantry-and-vale": ("Pantry & Vale", 41.0),
    "kestrel-semiconductor": ("Kestrel Semiconductor", 63.5),
    "quayline-terminals": ("Quayline Terminals", 22.3),
}
_CLUBS = {
    "carrow-city": "Carrow City",
    "tarn-athletic": "Tarn Athletic",
    "ennis-town": "Ennis Town",
    "dunmoor-united": "Dunmoor United",
    "ashford-vale": "Ashford Vale",
    "north-quay": "North Quay FC",
}
_SCORERS = ("Lamine Okafor", "Ifan Rook", "Milo Tarrant", "Téo Brandt")
# Age in days and the rate: the turning points that the written articles mention.
_INFLATION = (
    (13, 2.2),
    (33, 2.3),
    (88, 2.5),
    (179, 2.6),
    (270, 2.8),
    (358, 3.0),
    (449, 3.2),
    (541, 3.9),
    (905, 6.6),
    (1040, 7.4),
)
_COASTS = {
    "de": (("emden", "Emden"), ("hamburg", "Hamburg")),
    "fr": (("brest", "Brest"), ("le-havre", "Le Havre")),
    "es": (("cadiz", "Cádiz"), ("a-coruna", "A Coruña")),
    "pl": (("gdynia", "Gdynia"), ("saltmere", "Saltmere")),
    "uk": (("saltmere", "Солтмір"), ("ennis", "Енніс")),
    "ja": (("osaka", "大阪"), ("saltmere", "ソルトミア")),
    "ar": (("alexandria", "الإسكندرية"), ("tunis", "تونس")),
}


def dice(seed: str) -> Random:
    """Return a source of chance that gives the same numbers on every machine."""
    return Random(seed)  # noqa: S311 - figures of a story, not a secret


def market() -> Iterator[Report]:
    """Yield closing reports of the exchange: a walk of the index and of each share."""
    chance, level = dice("market"), 1612.0
    prices = {key: price for key, (_, price) in _SHARES.items()}
    for number, ago in enumerate(reversed(_days(44, 940)), 1):
        change = chance.uniform(0.2, 1.9) * chance.choice((1, 1, -1))
        company = chance.choice(list(_SHARES))
        gain = (abs(change) + chance.uniform(0.6, 3.0)) * (1 if change > 0 else -1)
        level *= 1 + change / 100
        prices[company] *= 1 + gain / 100
        rising = (
            20 + round(change * 6 + change / abs(change) * 4) + chance.randint(-3, 3)
        )
        yield (
            "market-up" if change > 0 else "market-down",
            {
                "id": f"market-{number:02d}",
                "ago": ago,
                "at": f"16:{chance.randint(35, 59)}:00",
                "companies": [company],
                "name": _SHARES[company][0],
                "level": f"{level:,.1f}",
                "change": f"{abs(change):.1f}",
                "gain": f"{abs(gain):.1f}",
                "price": f"{prices[company]:.2f}",
                "turnover": chance.randint(180, 460),
                "rising": rising,
                "falling": 40 - rising,
            },
        )


def inflation() -> Iterator[Report]:
    """Yield one report a month, along the path that the central bank’s articles tell."""
    chance, milk = dice("inflation"), 1.08
    for number, ago in enumerate(range(1003, 12, -30), 1):
        rate = _rate(ago)
        milk *= 1 + rate / 1200 + chance.uniform(0, 0.004)
        yield (
            "inflation",
            {
                "id": f"inflation-{number:02d}",
                "ago": ago,
                "at": "08:00:00",
                "rate": f"{rate:.1f}",
                "before": f"{_rate(ago + 30):.1f}",
                "food": f"{rate * 1.2 + chance.uniform(-0.5, 0.5):.1f}",
                "energy": f"{rate * 0.8 + chance.uniform(-0.9, 0.9):.1f}",
                "services": f"{rate * 1.1 + chance.uniform(0, 0.6):.1f}",
                "milk": f"{milk:.2f}",
            },
        )


def matches() -> Iterator[Report]:
    """Yield a season of the Rovers, match by match, with the points they really have."""
    chance, points = dice("season"), 0
    clubs = list(_CLUBS) * 4
    for number, club in enumerate(clubs, 1):
        ours, theirs = chance.choice((0, 1, 1, 2, 2, 3)), chance.choice((0, 0, 1, 1, 2))
        points += 3 if ours > theirs else ours == theirs
        yield (
            _outcome(ours, theirs),
            {
                "id": f"match-{number:02d}",
                "ago": 234 - 9 * number,
                "at": "17:15:00",
                "companies": [club],
                "places": ["saltmere"],
                "name": _CLUBS[club],
                "score": f"{max(ours, theirs)}–{min(ours, theirs)}",
                "scorer": chance.choice(_SCORERS),
                "minute": chance.randint(7, 89),
                "crowd": f"{chance.randint(6000, 10900):,}",
                "round": number,
                "points": points,
            },
        )


def river() -> Iterator[Report]:
    """Yield readings of the gauge at the mill: rain lifts it, time lowers it."""
    chance, gauge = dice("river"), 1.8
    for number, ago in enumerate(range(359, 8, -12), 1):
        rain = chance.choice((0, 2, 4, 7, 11, 16, 23, 31, 40)) + chance.randint(0, 3)
        gauge = max(0.9, gauge * 0.75 + rain / 40 + 0.2)
        yield (
            "river",
            {
                "id": f"river-{number:02d}",
                "ago": ago,
                "at": "07:30:00",
                "gauge": f"{gauge:.2f}",
                "rain": rain,
                "temperature": chance.randint(5, 13),
                "trout": chance.randint(12, 96),
                "umbrellas": chance.randint(0, 4),
            },
        )


def sea() -> Iterator[Report]:
    """Yield forecasts for sailors in seven languages."""
    for late, (language, coasts) in enumerate(_COASTS.items()):
        chance = dice(f"sea-{language}")
        for number, ago in enumerate(reversed(_days(8, 640)), 1):
            place, name = coasts[number % 2]
            wind = chance.randint(2, 8)
            wave = f"{wind * 0.4 + chance.uniform(0, 0.5):.1f}"
            yield (
                f"sea-{language}",
                {
                    "id": f"sea-{language}-{number:02d}",
                    "ago": ago + late,
                    "at": f"0{late}:50:00",
                    "places": [place],
                    "name": name,
                    "wind": wind,
                    "wave": wave if language == "ja" else wave.replace(".", ","),
                    "degrees": chance.randint(11, 20),
                },
            )


def _days(count: int, reach: int) -> list[int]:
    """Ages in days, newest first, closer together the newer they are."""
    return [n + (reach - count) * n * n // count**2 for n in range(1, count + 1)]


def _rate(ago: int) -> float:
    (newer, low), (older, high) = next(
        stretch for stretch in pairwise(_INFLATION) if ago <= stretch[1][0]
    )
    return low + (high - low) * max(0, ago - newer) / (older - newer)


def _outcome(ours: int, theirs: int) -> str:
    if ours == theirs:
        return "match-drawn"
    return "match-won" if ours > theirs else "match-lost"
