"""What no rulebook can let go about protected names: nobody gives one away unasked, on their own asking, or to others.

A request names an entry, not a person: whoever asks does not know who it is, and may not find out by asking. So nothing
is refused to them because of what stands behind the entry. The custodian, who knows, answers each request once: gives
the name to just those who need it, or refuses with reasons. Where the rulebook lets nobody release alone, somebody who
holds a second key first agrees to just that request: not who asked, nobody above or below them, and no side.
"""

from collections.abc import Iterator

from alteram.core.acts import (
    IdentityAsked,
    IdentityRefused,
    IdentityReleased,
    SecondKeyGiven,
    SecondKeyRefused,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.capacities import find_role_holders, find_roles
from alteram.core.rules.parts import find_sides
from alteram.core.rules.rulebook import Rulebook

RELEASE = "identity.released"


def find_identity_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event`, about a protected name, may not be; None for any other act, or where it may."""
    match event.act:
        case IdentityAsked() as asked:
            return _find_wrong_request(facts, rulebook, asked, event.actor)
        case IdentityRefused() as refused:
            return _find_wrong_refusal(facts, refused, event.actor)
        case IdentityReleased() as released:
            return _find_wrong_release(facts, rulebook, released, event.actor)
        case (SecondKeyGiven() | SecondKeyRefused()) as key if key.to_act == RELEASE:
            return _find_wrong_key(facts, rulebook, key, event.actor)
        case _:
            return None


def find_requests(facts: Facts) -> tuple[Event[IdentityAsked], ...]:
    """Return what was asked for here and was not taken back, answered or not."""
    return tuple(one for one in facts.matter.all(IdentityAsked) if one.live and not one.corrected)


def find_answer(facts: Facts, request: int) -> AnyEvent | None:
    """Return the release or refusal that answers a request; None while it is open."""
    answers = facts.matter.all(IdentityReleased, IdentityRefused)
    return next(
        (one for one in answers if one.live and not one.corrected and getattr(one.act, "request", None) == request),
        None,
    )


def find_needing(request: Event[IdentityAsked]) -> frozenset[PersonId]:
    """Return whom the name is asked for: whoever asks, unless they ask for others."""
    return frozenset(request.act.needed_by or filter(None, [request.actor]))


def find_key_holders(facts: Facts, rulebook: Rulebook, request: Event[IdentityAsked]) -> frozenset[PersonId] | None:
    """Return who may give the second key to releasing on a request; None where the rulebook asks for no second key."""
    rule = rulebook.find_second_key(RELEASE)
    if rule is None:
        return None
    holders = {person for role in rule.by for person in find_role_holders(facts, rulebook, role)}
    asking = {*find_needing(request), *filter(None, [request.actor])}
    below = {one for person in asking for one in facts.roll.commanded_by(person)}
    above = {one for one in holders if asking & facts.roll.commanded_by(one)}
    return frozenset(holders - asking - below - above - find_sides(facts))


def find_keys(facts: Facts, request: int) -> dict[PersonId, AnyEvent]:
    """Return what each second key-holder last said to releasing on a request."""
    said = facts.matter.all(SecondKeyGiven, SecondKeyRefused)
    return {
        one.actor: one
        for one in said
        if one.live
        and not one.corrected
        and one.actor is not None
        and (getattr(one.act, "to_act", None), getattr(one.act, "about", None)) == (RELEASE, request)
    }


def find_borne(event: AnyEvent) -> frozenset[PersonId]:
    """Return whom an entry names: who did what it says, and whom its fields speak of."""
    return frozenset([*filter(None, [event.actor]), *_people_of(event.act)])


def _people_of(act: Act) -> Iterator[PersonId]:
    for field in get_spec(type(act)).fields:
        value = getattr(act, field.name) if field.names_people else ()
        yield from () if value is None else value if isinstance(value, tuple) else (value,)


def _find_wrong_request(
    facts: Facts, rulebook: Rulebook, asked: IdentityAsked, actor: PersonId | None
) -> Refused | None:
    for_others = bool(set(asked.needed_by) - {actor})
    if for_others and "case-manager" not in find_roles(facts, rulebook, actor):
        because = phrase("You ask for yourself only; the case manager asks for others.")
        return Refused("identity.for-others", "record", because)
    again = any(
        (one.actor, one.act.entry) == (actor, asked.entry) and find_answer(facts, one.seq) is None
        for one in find_requests(facts)
    )
    if again:
        because = phrase("You have asked this already, and the custodian has not answered yet.")
        return Refused("identity.asked-already", "record", because)
    return None


def _find_wrong_answer(facts: Facts, seq: int | None, actor: PersonId | None) -> Refused | None:
    request = _find_request(facts, seq)
    if request is None:
        because = phrase(
            "Nobody's name is released unasked: somebody who needs it must have asked for it, with reasons."
        )
        return Refused("identity.unasked", "record", because, missing=("identity.asked",))
    if find_answer(facts, request.seq) is not None:
        return Refused("identity.answered", "record", phrase("This request was answered already."))
    if actor is None or actor == request.actor or actor in find_needing(request):
        because = phrase("Nobody answers their own request: another custodian does.")
        return Refused("identity.own", "record", because)
    return None


def _find_request(facts: Facts, seq: int | None) -> Event[IdentityAsked] | None:
    return next((one for one in find_requests(facts) if one.seq == seq), None)


def _find_wrong_refusal(facts: Facts, refused: IdentityRefused, actor: PersonId | None) -> Refused | None:
    request, wrong = _find_request(facts, refused.request), _find_wrong_answer(facts, refused.request, actor)
    if wrong is None and request is not None and refused.to != request.actor:
        return Refused("identity.not-asker", "record", phrase("A refusal goes to whoever asked, and to nobody else."))
    return wrong


def _find_wrong_release(
    facts: Facts, rulebook: Rulebook, released: IdentityReleased, actor: PersonId | None
) -> Refused | None:
    request = _find_request(facts, released.request)
    wrong = _find_wrong_answer(facts, released.request, actor)
    if wrong is not None or request is None:
        return wrong
    entry = facts.matter.find(request.act.entry)
    if entry is None or released.person not in find_borne(entry):
        because = phrase("The entry that was asked about neither is by this person nor speaks of them.")
        return Refused("identity.another", "record", because)
    if not released.to or not find_needing(request).issuperset(released.to):
        because = phrase("The name goes to those it was asked for, and to nobody else.")
        return Refused("identity.to-others", "record", because)
    return _find_missing_key(facts, rulebook, request, actor)


def _find_missing_key(
    facts: Facts, rulebook: Rulebook, request: Event[IdentityAsked], actor: PersonId | None
) -> Refused | None:
    holders, rule = find_key_holders(facts, rulebook, request), rulebook.find_second_key(RELEASE)
    if holders is None or rule is None:
        return None
    said = find_keys(facts, request.seq)
    if any(isinstance(said[one].act, SecondKeyGiven) for one in holders - {actor} if one in said):
        return None
    return Refused(
        "identity.second-key",
        rule.clause or "record",
        phrase(
            "Nobody releases a name alone: a second person, outside the line of whoever asks, must first agree to this"
            " request."
        ),
        missing=("second-key.given",),
        facts=(("who may agree", rule.by),),
    )


def _find_wrong_key(
    facts: Facts, rulebook: Rulebook, key: SecondKeyGiven | SecondKeyRefused, actor: PersonId | None
) -> Refused | None:
    request = _find_request(facts, key.about)
    if request is None:
        because = phrase("A second key to releasing a name is to one request: say which.")
        return Refused("identity.no-request", "record", because, missing=("identity.asked",))
    if find_answer(facts, request.seq) is not None:
        return Refused("identity.answered", "record", phrase("This request was answered already."))
    holders = find_key_holders(facts, rulebook, request)
    outside = actor not in {request.actor, *find_needing(request)} if holders is None else actor in holders
    if not outside:
        because = phrase(
            "The second key is given by somebody whom the rulebook names: not by whoever asks, nor by anybody above or"
            " below them, nor by a side."
        )
        return Refused("identity.key-holder", "record", because)
    return None
