"""The forms of founding. What is wrong is said beside the field; nothing that was written is lost."""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.bootstrap.rulebooks import read_rulebook
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.phrases import Phrase
from alteram.core.rules import Rulebook
from alteram.core.rules.rulebook import Office
from alteram.installation.founding import is_free_name
from alteram.installation.people_lists import LineProblem, ListedPerson, parse_people
from alteram.installation.setup_code import is_setup_code
from alteram.web.founding.draft import OWN_FILE
from alteram.web.founding.samples import tell_sample
from alteram.web.wording import tell_word

#: Bytes of a file that somebody uploads: larger ones are refused unread.
_LARGEST = 1 << 20
_PLACE = re.compile(r"^(?P<file>[^:\s]+):(?P<line>\d+):(?P<column>\d+): (?P<rest>.*)$", re.DOTALL)


def _find_zones() -> list[tuple[str, str]]:
    zones = sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix/")))
    return [("", gettext("Choose one")), ("UTC", "UTC"), *((one, one.replace("_", " ")) for one in zones)]


class CodeForm(forms.Form):
    """Who may found here: whoever can read the code on the machine."""

    code = forms.CharField(label=_("Setup code"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_code(self) -> str:
        """Refuse any other."""
        code: str = self.cleaned_data["code"]
        if not is_setup_code(code):
            raise forms.ValidationError(_("This is not the setup code. It stands where the program was started."))
        return code


class OrganisationForm(forms.Form):
    """What the organisation is, and who founds it."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    organisation = forms.CharField(
        label=_("Short name in addresses"),
        required=False,
        max_length=40,
        help_text=_("Small letters, digits and hyphens: bowls-club. Left empty, it is made from the name. It stays."),
    )
    kind = forms.CharField(
        label=_("What kind of organisation is it?"),
        max_length=200,
        help_text=_("A club, a union, a parliamentary group."),
    )
    jurisdiction = forms.CharField(
        label=_("Whose law applies?"), max_length=200, help_text=_("A country, or a part of one: NZ, Scotland.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lazy(_find_zones, list), help_text=_("Periods and days are counted in it.")
    )
    founder = forms.CharField(
        label=_("Your identifier"),
        max_length=64,
        help_text=_(
            "The record names people by identifiers of your own, never by name: m02. You are its first secretary."
        ),
    )
    founder_name = forms.CharField(label=_("Your name"), max_length=200)
    founder_email = forms.EmailField(label=_("Your e-mail address"), max_length=254)

    def clean_founder(self) -> str:
        """Take an identifier only."""
        return _identify(self.cleaned_data["founder"])

    def clean(self) -> dict[str, Any]:
        """Make the short name where none was given, and refuse one that cannot be an address here."""
        cleaned = super().clean() or {}
        asked = cleaned.get("organisation") or _shorten(cleaned.get("name", ""))
        try:
            cleaned["organisation"] = _identify(asked)
        except forms.ValidationError as error:
            self.add_error("organisation", error)
            return cleaned
        if not is_free_name(asked):
            self.add_error("organisation", _("This short name is taken, or stands for something else here."))
        return cleaned


class RulebookForm(forms.Form):
    """Which rules it has: a rulebook that ships, or one of its own."""

    choice = forms.ChoiceField(label=_("Rulebook"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("Only for a rulebook of your own: YAML, at most 1 MB.")
    )
    text = forms.CharField(
        label=_("Your rulebook"),
        help_text=_("Only for a rulebook of your own."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "yaml"}),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """Offer what ships. A file that was sent stands in the text from then on, so that it is not lost."""
        super().__init__(*arguments, **more)
        choices = [(name, _tell_shipped(name)) for name in shipped_names("rulebooks")]
        self.fields["choice"] = forms.ChoiceField(
            label=_("Rulebook"), widget=forms.RadioSelect, choices=[*choices, ("own", _("A rulebook of our own"))]
        )
        self.rulebook: Rulebook | None = None
        self.problem: RulebookProblem | None = None
        sent = self.files.get("file")
        if isinstance(sent, UploadedFile) and sent.size and sent.size <= _LARGEST:
            self.data = self.data.copy()  # type: ignore[attr-defined] # what a browser sends is a QueryDict
            self.data["text"] = sent.read().decode("utf-8", "replace")  # type: ignore[index] # as above
            sent.seek(0)

    def clean_file(self) -> None:
        """Refuse what is too large to be one."""
        sent = self.cleaned_data.get("file")
        if sent is not None and sent.size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."))

    def clean(self) -> dict[str, Any]:
        """Read the rulebook; what is wrong in it is kept with its place."""
        cleaned = super().clean() or {}
        choice, text = cleaned.get("choice"), cleaned.get("text") or ""
        if choice == "own" and not text.strip():
            self.add_error("text", _("Choose a file, or write the rulebook here."))
        elif choice == "own":
            try:
                self.rulebook = read_rulebook(text.encode(), OWN_FILE)
            except AlteramError as error:
                self.problem = build_problem(error, text)
                self.add_error("text", _("Something in it does not fit: see above."))
        elif choice:
            self.rulebook = load_rulebook(choice)
        return cleaned


class RulebookProblem:
    """What is wrong in a rulebook: where, what stands there, and what to do."""

    def __init__(self, problem: str, remedy: str, line: int, excerpt: str) -> None:
        """Keep it."""
        self.problem, self.remedy, self.line, self.excerpt = problem, remedy, line, excerpt


def build_problem(error: AlteramError, text: str) -> RulebookProblem:
    """Return what an error says of a text that somebody wrote."""
    found = _PLACE.match(error.problem)
    if found is None:
        return RulebookProblem(error.problem, error.remedy, 0, "")
    line, lines = int(found["line"]), text.splitlines()
    told = dict(error.problem.values).get("problem") if isinstance(error.problem, Phrase) else None
    rest = told if isinstance(told, str) else found["rest"]
    return RulebookProblem(rest, error.remedy, line, lines[line - 1] if 0 < line <= len(lines) else "")


class PeopleForm(forms.Form):
    """Who belongs to it."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV with identifier, name, e-mail address. It replaces the list below."),
    )
    people = forms.CharField(
        label=_("People"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "yaml"}),
        help_text=_("One to a line: identifier, name, e-mail address. Name and address can be left out."),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """Put what a file holds into the list, so that it can be mended here."""
        super().__init__(*arguments, **more)
        self.found: tuple[ListedPerson, ...] = ()
        self.problems: tuple[LineProblem, ...] = ()
        sent = self.files.get("file")
        if isinstance(sent, UploadedFile) and sent.size and sent.size <= _LARGEST:
            self.data = self.data.copy()  # type: ignore[attr-defined] # what a browser sends is a QueryDict
            self.data[self.add_prefix("people")] = sent.read().decode("utf-8", "replace")  # type: ignore[index] # as above
            sent.seek(0)

    def clean_file(self) -> None:
        """Refuse what is too large to be one."""
        sent = self.cleaned_data.get("file")
        if sent is not None and sent.size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."))

    def clean_people(self) -> str:
        """Read the list; what is wrong is kept line by line."""
        text: str = self.cleaned_data["people"]
        self.found, self.problems = parse_people(text)
        if self.problems:
            raise forms.ValidationError(_("Some lines do not fit: see above."))
        return text


class OfficesForm(forms.Form):
    """Who holds which office and sits in which body; each can be filled later."""

    def __init__(
        self, rulebook: Rulebook, people: Sequence[ListedPerson], *arguments: Any, founder: str = "", **more: Any
    ) -> None:
        """Make a field for each office and each body that is not all members."""
        super().__init__(*arguments, **more)
        self._offices = [one.id for one in rulebook.offices]
        self._bodies = [one.id for one in rulebook.bodies if not one.all_members]
        named = [(one.person, f"{one.name} ({one.person})" if one.name else one.person) for one in people]
        for office in rulebook.offices:
            self.fields[f"office.{office.id}"] = forms.ChoiceField(
                label=office.title,
                required=False,
                choices=[("", _("Nobody yet")), *named],
                initial=founder if "secretary" in office.plays else "",
                help_text=_tell_parts(office),
            )
        for body in rulebook.bodies:
            if body.id in self._bodies:
                self.fields[f"body.{body.id}"] = forms.MultipleChoiceField(
                    label=body.title, required=False, choices=named, widget=forms.CheckboxSelectMultiple
                )

    def find_offices(self) -> dict[str, str]:
        """Return who holds what."""
        return {one: held for one in self._offices if (held := self.cleaned_data[f"office.{one}"])}

    def find_bodies(self) -> dict[str, list[str]]:
        """Return who sits where."""
        return {one: sitting for one in self._bodies if (sitting := self.cleaned_data[f"body.{one}"])}


class TestMailForm(forms.Form):
    """Where a test message is to go."""

    email = forms.EmailField(label=_("Send a test message to"), max_length=254)


def _tell_shipped(name: str) -> str:
    """Return the title of a rulebook that ships, and for whom it was written."""
    title = load_rulebook(name).title
    told = tell_sample(name)
    return f"{title}: {told}" if told else title


def _tell_parts(office: Office) -> str:
    """Return which parts the holder of an office plays in a matter."""
    if not office.plays:
        return ""
    return gettext("In a matter: %(parts)s.") % {"parts": ", ".join(tell_word(part) for part in office.plays)}


def _identify(text: str) -> str:
    try:
        return parse_identifier(text.strip())
    except MalformedError as error:
        raise forms.ValidationError(f"{error.problem} {error.remedy}") from error


def _shorten(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "organisation"
