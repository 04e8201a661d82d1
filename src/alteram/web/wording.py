"""The words of the record as people read them. The catalogue of acts has the help; here are the titles."""

from django.utils.translation import gettext as _

from alteram.core.acts import find_spec
from alteram.installation.models import DirectoryEntry


def tell_act(tag_or_name: str) -> str:
    """Return an act's title: `notice.served/1` is told as Notice served."""
    name = tag_or_name.partition("/")[0]
    return _(name.replace(".", " ").replace("-", " ").capitalize()) if name else _("Not open to you")


def tell_help(tag_or_name: str) -> str:
    """Return what an act does, in one sentence."""
    spec = find_spec(tag_or_name)
    return "" if spec is None else _(spec.help)


def tell_word(identifier: object) -> str:
    """Return an identifier of ours, such as a part or a stage, as words: case-manager is told as case manager."""
    return _(str(identifier).replace("-", " ").replace("_", " "))


def tell_name(organisation: str, person: str) -> str:
    """Return what the directory calls a person; empty where it does not say."""
    entry = DirectoryEntry.objects.filter(organisation=organisation, person=person).first()
    return "" if entry is None else entry.name


def find_names(organisation: str) -> dict[str, str]:
    """Return what the directory calls each person of an organisation, by identifier."""
    return dict(DirectoryEntry.objects.filter(organisation=organisation).values_list("person", "name"))
