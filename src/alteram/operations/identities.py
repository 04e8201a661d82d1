"""Requests for protected names in a matter, as each may see them: who asked, who keeps the names, who holds a key.

Whoever asks sees their own request and its answer, and nothing of who stands behind it. Whoever is asked for a second
key sees what they were asked, and no more. The custodian and the case manager see all of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.access.parts import KEEPERS
from alteram.core.acts import (
    IdentityAsked,
    IdentityReleased,
    ReporterInformed,
    SecondKeyAsked,
    SecondKeyGiven,
    get_spec,
)
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.matters.protection import find_protected
from alteram.core.rules.identities import (
    RELEASE,
    find_answer,
    find_borne,
    find_key_holders,
    find_keys,
    find_needing,
    find_requests,
)
from alteram.operations.entries import Entered, enter, find_entries, find_text
from alteram.operations.organisation import Organisation
from alteram.operations.questions import TimelineEntry, find_open_acts
from alteram.operations.readings import keep_reading

Said: TypeAlias = Literal["given", "refused", ""]


@dataclass(frozen=True, slots=True)
class Key:
    """Somebody who may give the second key: whether they were asked, and what they last said (empty: nothing)."""

    person: PersonId
    said: Said
    was_asked: bool
    entry: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the custodian answered, with the reasons where they are open to the reader."""

    seq: int
    at: datetime
    released: bool
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as its reader may see it: what is not theirs is empty.

    `borne` are the protected people that the entry asked about is by or speaks of. `told` are the entries since, by
    which the reporter was told something: one of them must be that they were asked for.
    """

    seq: int
    at: datetime
    entry: int
    is_own: bool
    answer: Answer | None
    asker: PersonId | None = None
    ground: str = ""
    reasons: str = ""
    needed_by: tuple[PersonId, ...] = ()
    borne: tuple[PersonId, ...] = ()
    told: tuple[int, ...] = ()
    keys: tuple[Key, ...] = ()
    needs_key: bool = False
    gist: str = ""
    may_answer: bool = False
    may_release: bool = False
    may_key: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """The requests of a matter that its reader may see, open ones first; whether they may ask, and keep the names."""

    requests: tuple[Request, ...]
    may_ask: bool
    keeps: bool


def find_identities(
    organisation: Organisation, stream: StreamId, viewer: PersonId, *, now: datetime | None = None
) -> Identities:
    """Return what `viewer` may see of what was asked in a matter, and keep that they read it.

    Raises: UnknownMatterError.
    """
    entered = enter(organisation, stream, viewer)
    asked = _find_asked(entered)
    keeps = not KEEPERS.isdisjoint(entered.reader.roles)
    seen = [one for one in find_requests(entered.facts) if keeps or one.actor == viewer or one.seq in asked]
    texts = find_entries(entered, _find_seqs(entered, seen, asked))
    found = [_tell(entered, one, texts, asked.get(one.seq)) for one in seen]
    keep_reading(entered, entered.opened.values(), now=now or organisation.ports.clock())
    ruling = find_open_acts(organisation, stream, viewer, only=get_spec(IdentityAsked)).acts[0].ruling
    may_ask = not (isinstance(ruling, Refused) and ruling.code in {"act.not-yours", "matter.closed", "matter.history"})
    return Identities(tuple(sorted(found, key=lambda one: (one.answer is not None, -one.seq))), may_ask, keeps)


def asks_for_key(entered: Entered) -> bool:
    """Return whether a request in a matter waits for the reader's second key. Nothing of what it says is read."""
    asked = _find_asked(entered)
    requests = (one for one in find_requests(entered.facts) if one.seq in asked)
    return any(_tell(entered, one, {}, asked[one.seq]).may_key for one in requests)


def has_open_requests(facts: Facts) -> bool:
    """Return whether somebody asked for a name in a matter and has no answer yet."""
    return any(find_answer(facts, one.seq) is None for one in find_requests(facts))


def _find_asked(entered: Entered) -> dict[int, int]:
    """Return the entries by which the reader was last asked for a second key, by the request."""
    asked = entered.facts.matter.all(SecondKeyAsked)
    mine = (one for one in asked if one.live and not one.corrected and one.act.to == entered.person)
    return {one.act.about: one.seq for one in mine if one.act.about is not None and one.act.to_act == RELEASE}


def _find_seqs(entered: Entered, seen: Iterable[Event[IdentityAsked]], asked: dict[int, int]) -> Iterator[int]:
    for one in seen:
        yield one.seq
        answer = find_answer(entered.facts, one.seq)
        if answer is not None:
            yield answer.seq
        if one.seq in asked:
            yield asked[one.seq]
        yield from (said.seq for said in find_keys(entered.facts, one.seq).values())


def _tell(entered: Entered, one: Event[IdentityAsked], texts: dict[int, TimelineEntry], asked: int | None) -> Request:
    facts, person, roles = entered.facts, entered.person, entered.reader.roles
    keeps, is_own = not KEEPERS.isdisjoint(roles), one.actor == person
    answered = find_answer(facts, one.seq)
    holders = find_key_holders(facts, entered.rulebook, one)
    mine = find_keys(facts, one.seq).get(person)
    told = Request(
        seq=one.seq,
        at=one.recorded_at,
        entry=one.act.entry,
        is_own=is_own,
        answer=None if answered is None else _tell_answer(answered, texts),
        gist=find_text(None if asked is None else texts.get(asked), "text"),
        may_key=answered is None and asked is not None and person in (holders or ()) and mine is None,
    )
    if not keeps and not is_own:
        return told
    may_answer = "custodian" in roles and answered is None and person not in {one.actor, *find_needing(one)}
    keys = tuple(_find_key_lines(entered, one, holders or frozenset(), texts)) if keeps else ()
    entry = facts.matter.find(one.act.entry)
    behind = frozenset() if entry is None or not keeps else find_borne(entry) & find_protected(facts.matter)
    since = (each.seq for each in facts.matter.all(ReporterInformed) if each.live and each.seq > one.seq)
    return replace(
        told,
        asker=one.actor,
        ground=one.act.ground,
        reasons=find_text(texts.get(one.seq), "reasons"),
        needed_by=tuple(sorted(find_needing(one))),
        borne=tuple(sorted(behind)),
        told=tuple(since) if keeps else (),
        keys=keys,
        needs_key=keeps and holders is not None,
        may_answer=may_answer,
        may_release=may_answer and (holders is None or any(k.said == "given" and k.person != person for k in keys)),
    )


def _tell_answer(event: AnyEvent, texts: dict[int, TimelineEntry]) -> Answer:
    released = isinstance(event.act, IdentityReleased)
    return Answer(event.seq, event.recorded_at, released, find_text(texts.get(event.seq), "reasons"))


def _find_key_lines(
    entered: Entered, request: Event[IdentityAsked], holders: frozenset[PersonId], texts: dict[int, TimelineEntry]
) -> Iterator[Key]:
    said = find_keys(entered.facts, request.seq)
    asked = {
        one.act.to
        for one in entered.facts.matter.all(SecondKeyAsked)
        if one.live and (one.act.to_act, one.act.about) == (RELEASE, request.seq)
    }
    for person in sorted(holders):
        word = said.get(person)
        if word is None:
            yield Key(person, "", person in asked)
            continue
        given = isinstance(word.act, SecondKeyGiven)
        text = find_text(texts.get(word.seq), "text" if given else "reasons")
        yield Key(person, "given" if given else "refused", person in asked, word.seq, text)
