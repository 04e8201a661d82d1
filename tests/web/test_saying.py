"""What the rules say, in the language of a page: by template, with each value as pages show it."""

import gettext
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override, trans_real

from alteram.adapters.rulebooks import load_cases, load_pack_cases, pack_case_names, shipped_names
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.periods import Period, earliest_after
from alteram.core.kernel.phrases import as_act, as_moment, as_own, as_person, as_word, join, phrase
from alteram.core.rules.findings import Finding
from alteram.core.rules.parsing import Case, run_case
from alteram.web.saying import say, say_error, say_problem
from tests.rules.cases import case_files
from tests.web.left_over import find_left, read_left
from tests.web.pseudo import PSEUDO, PseudoTranslation, accent, speak


class Translated(PseudoTranslation):
    """A language of a few texts."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Answer with these."""
        super().__init__(PSEUDO)
        self._texts = texts

    def gettext(self, message: str) -> str:
        """Return what was given, else the text as it is."""
        return self._texts.get(message, message)


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[dict[str, str]]:
    """Show pages in a language that knows what is put into this."""
    texts: dict[str, str] = {}
    speak(monkeypatch, settings, PSEUDO)
    monkeypatch.setitem(trans_real._translations, PSEUDO, Translated(texts))  # type: ignore[attr-defined] # Django's own register
    with override(PSEUDO):
        yield texts


def test_in_english_a_phrase_is_said_as_it_stands() -> None:
    told = phrase("{id} came later than {within}.", id=as_own("e1"), within=Period(clear_days=1))
    assert say(told) == "e1 came later than 1 clear day."
    assert say("") == ""


def test_a_translation_says_its_values_in_its_own_order(speaking: dict[str, str]) -> None:
    speaking["{act} came later than {within}."] = "Más de {within}: {act}."
    speaking["Notice served"] = "Aviso"
    speaking["%(n)s clear days"] = "%(n)s días"
    told = phrase("{act} came later than {within}.", act=as_act("notice.served"), within=Period(clear_days=10))
    assert say(told) == "Más de 10 días: Aviso."


def test_what_has_no_translation_is_english_and_marked_so(speaking: dict[str, str]) -> None:
    assert say(phrase("It was late.")) == '<span lang="en" dir="ltr">It was late.</span>'
    assert say("Plain text.") == '<span lang="en" dir="ltr">Plain text.</span>'
    speaking["{because} Nothing shows it."] = "{because} Nada."
    told = phrase("{because} Nothing shows it.", because=phrase("It was late."))
    assert say(told) == '<span lang="en" dir="ltr">It was late.</span> Nada.'


@pytest.mark.parametrize("translation", ["Falta {what}.", "Falta {}.", "Falta {why.real}.", "Falta {why", "Falta {0}."])
def test_a_translation_that_asks_for_what_is_not_there_is_none(speaking: dict[str, str], translation: str) -> None:
    speaking["It lacks {why}."] = translation
    assert say(phrase("It lacks {why}.", why=as_own("e1"))) == '<span lang="en" dir="ltr">It lacks e1.</span>'


@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_markup_in_a_value_or_in_a_translation_is_text(speaking: dict[str, str], language: str) -> None:
    speaking["It lacks {why}."] = "<b>{why}</b>"
    with override(language):
        shown = say(phrase("It lacks {why}.", why=as_own("<i>")), lambda one: one)
        plain = say("<i>")
    assert "<i>" not in shown + plain
    assert "<b>" not in shown


def test_a_name_cannot_bring_places_of_its_own() -> None:
    assert say(phrase("{person} was {why}.", person=as_person("m05"), why=as_own("{person}")), str.upper) == (
        "M05 was {person}."
    )


def test_people_are_shown_as_the_page_shows_them() -> None:
    told = phrase("{person} was not heard.", person=as_person("m05"))
    assert say(told, lambda one: SafeString(f"<b>{one}</b>")) == "<b>m05</b> was not heard."
    assert say(told, lambda one: f"<{one}>") == "&lt;m05&gt; was not heard."


def test_separators_words_days_and_lengths_are_translated(speaking: dict[str, str]) -> None:
    speaking.update({" or ": " o ", "chair": "presidencia", "case manager": "gestor", "%(n)s days": "%(n)s días"})
    told = join(phrase(" or "), [as_word("chair"), as_word("case-manager")])
    assert say(told) == "presidencia o gestor"
    length = phrase("{time}", time=timedelta(days=2, hours=3))
    assert say(length) == "2 días, 3:00:00"
    day = as_moment(date(2027, 1, 7), "Thu 7 Jan 2027")
    assert say(day).startswith('<time datetime="2027-01-07">')
    assert "Thu" not in say(day)


def test_what_the_organisation_wrote_stays_as_it_is(speaking: dict[str, str]) -> None:
    del speaking
    assert say(as_own("Bylaw <1>")) == '<span translate="no">Bylaw &lt;1&gt;</span>'


def find_texts(finding: Finding) -> Iterator[str]:
    yield from (finding.because, finding.incurable, *finding.working)
    yield from (one.why for one in finding.cures)


def find_cases() -> Iterator[tuple[str, tuple[Case, ...]]]:
    for path in case_files():
        yield path.stem, load_cases(str(path))
    for pack in shipped_names("packs"):
        for name in pack_case_names(pack):
            yield f"{pack}/{name}", load_pack_cases(pack, name)


def test_whatever_a_requirement_says_of_any_case_is_translated(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Names, and what cases call things, are data; what is left over beside them was said without a phrase."""
    speak(monkeypatch, settings, PSEUDO)
    told = {text: name for name, cases in find_cases() for case in cases for text in find_texts(run_case(case)) if text}
    assert len(told) > 500
    with override(PSEUDO):
        said = {text: say(text, lambda one: SafeString(f'<span class="person">{one}</span>')) for text in told}
    wrong = [f"{told[text]}: {text} -> {html}" for text, html in said.items() if 'lang="en"' in html or read_left(html)]
    assert not wrong, f"{len(wrong)} texts are not translated:\n" + "\n".join(wrong)


def test_how_a_period_is_reckoned_is_translated(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    speak(monkeypatch, settings, PSEUDO)
    case = next(cases[0] for _, cases in find_cases())
    calendar = case.rulebook.calendar
    start = datetime(2026, 12, 18, 9, tzinfo=UTC)
    periods = [Period(**{unit: 3}) for unit in ("hours", "days", "clear_days", "working_days", "weeks", "months")]
    with override(PSEUDO):
        lines = [say(line) for period in periods for line in earliest_after(start, period, calendar).working]
    assert len(lines) > 12
    assert [one for one in lines if read_left(one)] == []


def test_what_is_said_without_a_phrase_is_found() -> None:
    assert find_left("It was late.")
    assert not find_left(accent("It was late."))
    assert gettext.NullTranslations().gettext("It was late.") == "It was late."


def test_error_beside_a_form_is_said_by_its_phrases(speaking: dict[str, str]) -> None:
    speaking["No such host was found."] = "Aucun hôte."
    speaking["Look at the address again."] = "Regardez <encore>."
    error = AlteramError(phrase("No such host was found."), remedy=phrase("Look at the address again."))
    with override(PSEUDO):
        assert say_error(error) == "Aucun hôte. Regardez &lt;encore&gt;."
        assert say_error(AlteramError(phrase("No such host was found."))) == "Aucun hôte."


def test_problem_of_a_file_is_said_by_its_phrase_and_what_was_said_already_stays(speaking: dict[str, str]) -> None:
    speaking["{file}: {problem}"] = "{problem} ({file})"
    speaking["Too large."] = "Trop grand."
    told = phrase("{file}: {problem}", file=as_own("a<b.jpg"), problem=join(" ", (phrase("Too large."),)))
    with override(PSEUDO):
        assert "a&lt;b.jpg" in say_problem(told)
        assert say_problem(told).startswith("Trop grand. (")
        assert say_problem("Déjà dit.") == "Déjà dit."
