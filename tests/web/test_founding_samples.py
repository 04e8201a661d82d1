"""Whoever founds an organisation reads for whom each rulebook that ships was written."""

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.web.founding.forms import RulebookForm
from alteram.web.founding.samples import SAMPLES, tell_sample


def test_each_rulebook_that_ships_says_for_whom_it_is() -> None:
    assert set(SAMPLES) == set(shipped_names("rulebooks"))


def test_form_offers_each_with_its_title_and_that_line() -> None:
    labels = {str(key): str(label) for key, label in RulebookForm().fields["choice"].choices}  # type: ignore[attr-defined] # a choice field has choices
    for name in shipped_names("rulebooks"):
        assert labels[name] == f"{load_rulebook(name).title}: {tell_sample(name)}"


def test_rulebook_that_nothing_is_said_of_is_still_offered_by_its_title() -> None:
    assert tell_sample("our-own") == ""
