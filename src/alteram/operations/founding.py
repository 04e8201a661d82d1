"""Found an organisation: publish its record key, begin its stream, enter people and offices."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alteram.core.acts import BodyConstituted, KeyEnrolled, MemberJoined, OfficeFilled, OrganisationFounded
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import build_statement_leaf, encode_base64url
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform_many
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

    The organisation holds those keys for now, and the entries say so. Raises: FoundingError when it is founded already.
    """
    if organisation.state(ORGANISATION_STREAM, fresh=True).head is not None:
        raise FoundingError("This organisation is founded already.", remedy="Record what changed by acts of its own.")
    publish_record_key(organisation)
    acts: list[Act] = [act]
    if members:
        acts.append(MemberJoined(people=tuple(members)))
    acts.extend(OfficeFilled(office=office, person=person) for office, person in (offices or {}).items())
    acts.extend(BodyConstituted(body=body, members=tuple(people)) for body, people in (bodies or {}).items())
    people = dict.fromkeys(
        (
            act.secretary,
            *members,
            *(offices or {}).values(),
            *(one for sitting in (bodies or {}).values() for one in sitting),
        )
    )
    acts.extend(_enrolment(organisation, person) for person in people)
    proposals = [Proposal(ORGANISATION_STREAM, one, act.secretary) for one in acts]
    for done in perform_many(organisation, proposals, now=now):
        if isinstance(done.ruling, Refused):
            raise FoundingError(f"{done.ruling.because} ({done.ruling.code})")


def publish_record_key(organisation: Organisation) -> None:
    """Queue the public statement of the key that signs every entry; verifiers take it from the log."""
    ports = organisation.ports
    key = ports.signers.record_key(ports.organisation)
    statement = {
        "key": encode_base64url(key.public),
        "kid": key.kid,
        "organisation": ports.organisation,
        "statement": "record-key",
    }
    ports.store.append_statement(ports.organisation, build_statement_leaf(statement))


def _enrolment(organisation: Organisation, person: PersonId) -> KeyEnrolled:
    key = organisation.ports.signers.author_key(organisation.ports.organisation, person)
    return KeyEnrolled(person=person, scheme="ed25519", public_key=encode_base64url(key.public))
