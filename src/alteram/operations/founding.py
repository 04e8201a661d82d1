"""Found an organisation: publish its record key, begin its stream, enter people and offices.

A founding that was cut short goes on where it stopped when it is asked for again with the same words.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alteram.core.acts import (
    BodyConstituted,
    KeyEnrolled,
    MemberJoined,
    OfficeFilled,
    OrganisationFounded,
    build_structural,
)
from alteram.core.acts.codec import normalise
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.vault import encode_base64url
from alteram.operations.keys import publish_record_key
from alteram.operations.organisation import Organisation
from alteram.operations.perform import TRIES, perform_as_read
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Proposal


class FoundingError(AlteramError):
    """The organisation could not be founded."""


def found(
    organisation: Organisation,
    act: OrganisationFounded,
    *,
    members: Sequence[PersonId] = (),
    offices: Mapping[str, PersonId] | None = None,
    bodies: Mapping[str, Sequence[PersonId]] | None = None,
    now: datetime | None = None,
) -> None:
    """Found the organisation with its first members, offices and bodies, and enrol a key for each of these people.

    The organisation holds those keys for now, and the entries say so. What of this founding is recorded already is not
    recorded again. Raises: FoundingError when it was founded otherwise, or is at work already.
    """
    acts = _build_acts(organisation, act, members, offices or {}, bodies or {})
    for _ in range(TRIES):
        recorded = _count_recorded(organisation, acts, act.secretary)
        publish_record_key(organisation, organisation.ports.signers.record_key(organisation.ports.organisation))
        proposals = [Proposal(ORGANISATION_STREAM, one, act.secretary) for one in acts[recorded:]]
        try:
            _perform(organisation, proposals, now)
        except StaleReadError:
            # Another process is founding it; if in the same words, there is less left to do.
            continue
        return
    raise FoundingError(
        phrase("Others are founding this organisation at the same time."), remedy=phrase("Try again in a moment.")
    )


def _perform(organisation: Organisation, proposals: Sequence[Proposal], now: datetime | None) -> None:
    for done in perform_as_read(organisation, proposals, now=now):
        if isinstance(done.ruling, Refused):
            raise FoundingError(
                phrase("{because} ({code})", because=done.ruling.because, code=as_own(done.ruling.code))
            )


def _build_acts(
    organisation: Organisation,
    act: OrganisationFounded,
    members: Sequence[PersonId],
    offices: Mapping[str, PersonId],
    bodies: Mapping[str, Sequence[PersonId]],
) -> list[Act]:
    """Return the acts of a founding, in order; the same every time it is asked for in the same words."""
    acts: list[Act] = [act]
    if members:
        acts.append(MemberJoined(people=tuple(members)))
    acts.extend(OfficeFilled(office=office, person=person) for office, person in offices.items())
    acts.extend(BodyConstituted(body=body, members=tuple(people)) for body, people in bodies.items())
    sitting = (one for people in bodies.values() for one in people)
    people = dict.fromkeys((act.secretary, *members, *offices.values(), *sitting))
    organisation.ports.signers.make_author_keys(organisation.ports.organisation, people)
    acts.extend(_enrolment(organisation, person) for person in people)
    return acts


def _count_recorded(organisation: Organisation, acts: Sequence[Act], secretary: PersonId) -> int:
    """Return how many of the acts of a founding stand in the record. Raises: FoundingError when anything else does."""
    facts = organisation.state(ORGANISATION_STREAM, fresh=True).facts
    recorded = [(one.act, one.actor, one.live) for one in facts.every()]
    expected = [(build_structural(normalise(one)), secretary, True) for one in acts[: len(recorded)]]
    if len(recorded) != facts.head_seq + 1 or recorded != expected:
        raise FoundingError(
            phrase("This organisation is founded already."), remedy=phrase("Record what changed by acts of its own.")
        )
    return len(recorded)


def _enrolment(organisation: Organisation, person: PersonId) -> KeyEnrolled:
    key = organisation.ports.signers.author_key(organisation.ports.organisation, person)
    return KeyEnrolled(person=person, scheme="ed25519", public_key=encode_base64url(key.public))
