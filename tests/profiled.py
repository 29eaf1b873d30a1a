"""Profiles, and articles labelled with what is or was their name."""

from datetime import UTC, datetime

from search.article import Article, ArticleId, named
from search.entities.profile import Profile

META = Profile(
    kind="company",
    id="meta-platforms",
    name="Meta Platforms, Inc.",
    aliases=("Meta",),
    former_names=("Facebook",),
    tickers=("NASDAQ:META",),
    identifiers=(("cik", "0001326801"),),
)
MERCK = Profile(kind="company", id="merck", name="Merck & Co.")
MERCK_KGAA = Profile(kind="company", id="merck-kgaa", name="Merck KGaA")
ANGELA = Profile(kind="person", id="angela-merkel", name="Angela Merkel")
MAX = Profile(kind="person", id="max-merkel", name="Max Merkel")
LEYEN = Profile(kind="person", id="ursula-von-der-leyen", name="Ursula von der Leyen")
PROFILES = (META, MERCK, MERCK_KGAA, ANGELA, MAX, LEYEN)


def art(
    number: int, companies: tuple[str, ...] = (), people: tuple[str, ...] = ()
) -> Article:
    return Article(
        id=ArticleId(f"a{number}"),
        title=f"Title {number}",
        published_at=datetime(2024, 5, number, tzinfo=UTC),
        companies=named(companies),
        people=named(people),
    )


LABELLED = (
    art(1, ("Facebook",)),
    art(2, ("Meta Platforms",)),
    art(3, ("FACEBOOK INC.",), ("Merkel, Angela",)),
    art(4, ("Merck",), ("Angela Merkel",)),
    art(5, ("Merck KGaA", "Shell")),
)
