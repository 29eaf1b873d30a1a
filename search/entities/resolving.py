"""What a name means: whom the registry knows by it, and what articles are labelled with.

The registry comes first. Articles that were labelled before it knew better are found
too: a value of theirs belongs to a profile that its id or its name means, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from search.article import Entity
from search.catalog import FACET_FIELDS
from search.entities.asking import Archive, Asked
from search.entities.names import key, sought
from search.entities.profile import KINDS, Kind, Profile
from search.entities.registry import Found, Registry
from search.errors import UnknownFieldError
from search.result import Meaning, Resolution
from search.text import slug

SUGGESTED: Final = 5

_KEPT: Final = 20_000
_TOGETHER: Final = 50  # names of which the profiles and labels are asked for at once
_SURNAME: Final = 2  # the place of surnames in what is `sought`


class Resolver:
    """Resolves names and remembers what they mean until something changes."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._state: tuple[str, dict[tuple[str, str, bool], Resolution]] = ("", {})

    def resolve_all(
        self,
        names: Iterable[tuple[str, str]],
        archive: Archive,
        stamp: str,
        suggest: int,
    ) -> tuple[Resolution, ...]:
        """Return what each (field, text) means in the archive as it is under this stamp.

        Near names come with the first `suggest` that are nobody's.
        """
        known = self._known(f"{stamp} {self._registry.stamp()}")
        asked = Asked(self._registry, archive)
        wanted = tuple(names)
        new = [
            pair
            for pair in wanted
            if (*pair, False) not in known and (*pair, True) not in known
        ]
        for start in range(0, len(new), _TOGETHER):
            _ask_ahead(asked, new[start : start + _TOGETHER])

        def ask(field: str, text: str, near: bool, /) -> Resolution:
            found = known.get((field, text, near))
            if found is None:
                found = _resolve(field, text, asked, suggest=near)
                known[field, text, near] = found
                if found.meanings:  # then nothing near is looked for
                    known[field, text, not near] = found
            return found

        return each(wanted, ask, suggest)

    def _known(self, stamp: str) -> dict[tuple[str, str, bool], Resolution]:
        state = self._state
        if stamp != state[0] or len(state[1]) > _KEPT:
            state = self._state = (stamp, {})
        return state[1]


def each(
    names: Iterable[tuple[str, str]],
    ask: Callable[[str, str, bool], Resolution],
    suggest: int,
) -> tuple[Resolution, ...]:
    """Return what is answered for each (field, text).

    Near names are asked for until `suggest` names were nobody's. Raises
    UnknownFieldError for what is no facet field.
    """
    found = []
    for field, text in names:
        if field not in FACET_FIELDS:
            raise UnknownFieldError(f"There is no facet {field!r}.")
        resolution = ask(field, text, suggest > 0)
        suggest -= not resolution.meanings
        found.append(resolution)
    return tuple(found)


def resolve(
    field: str, text: str, registry: Registry, archive: Archive, *, suggest: bool
) -> Resolution:
    """Return whom a name means; near names where it is nobody, if they are wanted."""
    return _resolve(field, text, Asked(registry, archive), suggest=suggest)


def _resolve(field: str, text: str, asked: Asked, *, suggest: bool) -> Resolution:
    if not slug(text):
        return Resolution(())
    meanings = _meanings(field, text, asked)
    if meanings or not suggest:
        return Resolution(meanings)
    near = [*asked.archive.near(field, slug(text))]
    if field in KINDS:
        near += asked.registry.near(field, text, size=SUGGESTED)
    return Resolution((), tuple(dict.fromkeys(near))[:SUGGESTED])


def _ask_ahead(asked: Asked, names: Sequence[tuple[str, str]]) -> None:
    """Ask at once for what most of these names need."""
    if len(names) < 2:
        return
    for kind in KINDS:
        texts = [text for field, text in names if field == kind and slug(text)]
        if not texts:
            continue
        meant = asked.meant(kind, texts)
        keys = {key for text in texts for key in _wanted(kind, text, meant[text])}
        borne = asked.borne(kind, sorted(keys))
        _owners(kind, _by_id(e for some in borne.values() for e in some), asked)


def _wanted(kind: Kind, text: str, found: Sequence[Found]) -> set[str]:
    if found and found[0].matched == "surname":
        return set()
    own = {each for step in sought(kind, text)[:_SURNAME] for each in step}
    return own.union(*(_keys(one.profile) for one in found))


def _meanings(field: str, text: str, asked: Asked) -> tuple[Meaning, ...]:
    if field not in KINDS:
        return _labelled(field, text, asked)
    found = asked.meant(field, (text,))[text]
    if not found:
        return _labelled(field, text, asked)
    if found[0].matched != "surname":
        return _profiled(field, text, found, asked)
    # Who is called just so comes before those who only bear it as a surname.
    exact = _labelled(field, text, asked, surnames=False)
    return exact or _surnamed(field, text, found, asked)


def _labelled(
    field: str, text: str, asked: Asked, *, surnames: bool = True
) -> tuple[Meaning, ...]:
    """Return what a text means by the archive alone."""
    slugs, *others = sought(field, text)[: _SURNAME + surnames]
    found = _borne(field, slugs, asked)
    if found or not others:
        return _each(text, found)
    borne = asked.borne(field, [each for step in others for each in step])
    for place, step in enumerate(others, 1):
        found = _by_id(entity for each in step for entity in borne.get(each, ()))
        if found:
            return _spelled(field, found, place)
    return ()


def _borne(field: str, keys: Collection[str], asked: Asked) -> list[Entity]:
    """Return the values that articles have under one of the keys, by id."""
    borne = asked.borne(field, keys)
    return _by_id(entity for some in borne.values() for entity in some)


def _each(text: str, found: Iterable[Entity]) -> tuple[Meaning, ...]:
    return tuple(
        Meaning(each, "id" if each.id == slug(text) else "name", (each.id,))
        for each in found
    )


def _spelled(field: str, found: Iterable[Entity], place: int) -> tuple[Meaning, ...]:
    """Return the meanings, one for all spellings that nobody told apart by ids."""
    same: dict[str, list[Entity]] = {}
    for entity in found:
        derived = entity.id == slug(entity.name)
        same.setdefault(key(field, entity.name) if derived else "", []).append(entity)
    alone = [[entity] for entity in same.pop("", ())]
    matched = "surname" if place == _SURNAME else "name"
    return tuple(
        Meaning(min(some, key=_length), matched, tuple(each.id for each in some))
        for some in (*same.values(), *alone)
    )


def _length(entity: Entity) -> tuple[int, str]:
    return len(entity.id), entity.id


def _profiled(
    kind: Kind,
    text: str,
    found: Collection[Found],
    asked: Asked,
) -> tuple[Meaning, ...]:
    """Return the profiles with the ids that articles about them have."""
    wanted = {each for one in found for each in _keys(one.profile)} | {slug(text)}
    borne = asked.borne(kind, sorted(wanted))
    held = _by_id(entity for some in borne.values() for entity in some)
    owners = _owners(kind, held, asked)
    meanings = [_meaning(one, owners) for one in found]
    # Of a name that several have, a label may be all that an article says.
    own = [entity for entity in borne.get(slug(text), ()) if not owners[entity.id]]
    return (*meanings, *_each(text, own))


def _surnamed(
    kind: Kind,
    text: str,
    found: Collection[Found],
    asked: Asked,
) -> tuple[Meaning, ...]:
    """Return all who bear a surname: those whom articles name, if there are any."""
    known = _profiled(kind, text, found, asked)
    borne = _borne(kind, [f"~{key(kind, text)}"], asked)
    owners = _owners(kind, borne, asked)
    labels = tuple(entity for entity in borne if not owners[entity.id])
    ids = [each for one in known for each in one.ids]
    there = {each.id for each in _borne(kind, ids, asked)}
    alive = tuple(one for one in known if there.intersection(one.ids))
    more = _spelled(kind, labels, _SURNAME)
    return (*alive, *more) or known


def owners(
    kind: Kind, held: Collection[Entity], registry: Registry
) -> dict[Entity, Profile | None]:
    """Return the profile to which each value of articles belongs, None for none."""
    texts = {text for entity in held for text in (entity.id, entity.name)}
    meant = registry.find_all(kind, sorted(texts)) if texts else {}
    return {each: _owner(each, meant[each.id], meant[each.name]) for each in held}


def _owners(
    kind: Kind, held: Collection[Entity], asked: Asked
) -> dict[str, str | None]:
    """Return the id of the profile to which each value belongs, None for none."""
    texts = {text for entity in held for text in (entity.id, entity.name)}
    meant = asked.meant(kind, sorted(texts))
    profiles = {e.id: _owner(e, meant[e.id], meant[e.name]) for e in held}
    return {each: one.id if one else None for each, one in profiles.items()}


def _owner(
    entity: Entity, by_id: Collection[Found], by_name: Collection[Found]
) -> Profile | None:
    same = [found.profile for found in by_id if found.profile.id == entity.id]
    sure = [found.profile for found in by_name if found.matched != "surname"]
    return same[0] if same else sure[0] if len(sure) == 1 else None


def _meaning(found: Found, owners: Mapping[str, str | None]) -> Meaning:
    profile = found.profile
    others = sorted(i for i, owner in owners.items() if owner == profile.id != i)
    entity = Entity(profile.id, profile.name)
    return Meaning(entity, found.matched, (profile.id, *others))


def _keys(profile: Profile) -> set[str]:
    """Return under what values of the profile may stand in the archive."""
    steps = [
        step for name in profile.names for step in sought(profile.kind, name)[:_SURNAME]
    ]
    return {profile.id, *(each for step in steps for each in step)}


def _by_id(entities: Iterable[Entity]) -> list[Entity]:
    found = {entity.id: entity for entity in entities}
    return [found[each] for each in sorted(found)]
