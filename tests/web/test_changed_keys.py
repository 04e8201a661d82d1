"""Whose signing key another changed is told at every address that is known, however it was recorded."""

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.jobs.keys import tell_changed_keys
from alteram.installation.models import DirectoryEntry
from alteram.installation.outgoing import OutgoingLetter
from alteram.operations.keys import rotate_key
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, MEMBER, WHIP, must


def _tell(caucus: Opened, actor: PersonId) -> list[str]:
    must(rotate_key(caucus.organisation, MEMBER, actor))
    for _ in range(2):
        tell_changed_keys(CAUCUS, caucus)
    return sorted(OutgoingLetter.objects.filter(kind=OutgoingLetter.KEY).values_list("to", flat=True))


def test_person_is_told_at_every_address_when_the_secretary_replaces_their_key(as_person: As, caucus: Opened) -> None:
    as_person(MEMBER)
    DirectoryEntry.objects.filter(person=MEMBER).update(email="other@caucus.invalid")
    assert _tell(caucus, WHIP) == [f"{MEMBER}@caucus.invalid", "other@caucus.invalid"]


def test_who_replaces_their_own_key_is_not_told(as_person: As, caucus: Opened) -> None:
    as_person(MEMBER)
    assert _tell(caucus, MEMBER) == []
