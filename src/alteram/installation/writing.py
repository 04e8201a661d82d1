"""From where an organisation writes its letters: its name, what its people are called, and its press."""

from collections.abc import Collection

from django.conf import settings

from alteram.bootstrap.letters import open_press
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking
from alteram.installation.models import DirectoryEntry
from alteram.operations.letters import Writing
from alteram.operations.printing import LetterPress


def find_names(organisation: str, people: Collection[str] | None = None) -> dict[str, str]:
    """Return what the directory calls each person of an organisation (or these people), by identifier."""
    entries = DirectoryEntry.objects.filter(organisation=organisation)
    if people is not None:
        entries = entries.filter(person__in=sorted(people))
    return dict(entries.values_list("person", "name"))


def build_writing(asking: Asking) -> Writing:
    """Return from where letters are written."""
    names = find_names(asking.name)

    def name(person: PersonId) -> str:
        return names.get(person) or str(person)

    return Writing(asking.organisation, asking.title, asking.zone, name)


def find_press(asking: Asking) -> LetterPress:
    """Return the organisation's press."""
    return open_press(asking.opened.folder, fonts=settings.PLACES.fonts)
