"""What stands in letters: no more than their addressees and their writer may see, and all that they must say."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from alteram.adapters.letters import TypstPress
from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import Opened, create, open_folder
from alteram.cli.story import FINISHED, play_story
from alteram.cli.story.people import CHAIR, CONDUCT, CONFIDENCE, CUSTODIAN, INVESTIGATOR, PANEL, RESPONDENT, WHIP
from alteram.core.access import build_reader
from alteram.core.acts import (
    AppealDecided,
    DecisionServed,
    ExhibitDisclosed,
    InstrumentIssued,
    MeetingCalled,
    NoticeServed,
    OrganisationFounded,
    ReportAcknowledged,
    SanctionImposed,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent
from alteram.operations.founding import found
from alteram.operations.letters import (
    LETTERS,
    Draft,
    Writing,
    build_draft,
    build_reply_form,
    find_kind,
    find_letters,
    find_writable,
    find_writable_one,
    open_letter,
)
from alteram.operations.letters.drafting import find_addressees
from alteram.operations.letters.samples import SAMPLES, build_sample
from alteram.operations.letters.served import _read_act
from alteram.operations.questions import UnknownMatterError
from alteram.operations.rulebooks import adopt_rulebook

ZONE = ZoneInfo("Pacific/Auckland")
OFFICES = {"chair": CHAIR, "custodian": CUSTODIAN, "senior-whip": WHIP, "scrutineer": PersonId("m11")}
NOBODY = PersonId("nobody-we-know")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The caucus after the whole dispute."""
    folder = tmp_path_factory.mktemp("story")
    create(folder, organisation="caucus", origin="caucus.example/log")
    opened, rules = open_folder(folder), load_rulebook("caucus")
    began = rules.calendar.instant_of(datetime(2025, 2, 3, 9))  # noqa: DTZ001 - wall-clock time of the caucus
    act = OrganisationFounded(
        name="The caucus", kind="caucus", jurisdiction="NZ", time_zone="Pacific/Auckland", secretary=WHIP
    )
    members = [PersonId(f"m{number:02d}") for number in range(1, 65)]
    offices = {**OFFICES, "leader": PersonId("m01")}
    found(opened.organisation, act, members=members, offices=offices, bodies={"appeal-panel": PANEL}, now=began)
    day = rules.calendar.local_day(began)
    adopt_rulebook(opened.organisation, rules, WHIP, packs=load_packs(rules), published_on=day, now=began)
    play_story(opened.organisation, rules, lambda _: None)
    opened.integrator.run()
    yield opened
    opened.close()


@pytest.fixture
def writing(opened: Opened) -> Writing:
    return Writing(opened.organisation, "The caucus", ZONE, lambda person: f"Name of {person}")


def events(writing: Writing, stream: StreamId, *kinds: type[Act]) -> list[AnyEvent]:
    return list(writing.organisation.facts(stream).matter.all(*kinds))


def draft_again(writing: Writing, stream: StreamId, event: AnyEvent) -> Draft:
    """Return the letter of an entry as it would have been served."""
    assert event.actor is not None
    act = _read_act(writing, stream, event.seq)
    return build_draft(writing, stream, act, event.actor, at=event.recorded_at, before=event.seq)


def draft_last(writing: Writing, stream: StreamId, kind: type[Act]) -> Draft:
    return draft_again(writing, stream, events(writing, stream, kind)[-1])


def every_draft(writing: Writing) -> Iterator[tuple[StreamId, Draft]]:
    for stream in (CONDUCT, CONFIDENCE):
        for letter in LETTERS:
            for event in () if letter.act is None else events(writing, stream, letter.act):
                if event.live and event.actor is not None:
                    yield stream, draft_again(writing, stream, event)


def test_story_serves_every_letter_that_is_served(writing: Writing) -> None:
    drafted = {draft.kind.name for _, draft in every_draft(writing)}
    assert drafted == {one.name for one in LETTERS if one.act is not None}


def test_every_letter_has_every_field_that_its_template_is_tried_with(writing: Writing) -> None:
    for _, draft in every_draft(writing):
        tried = set(build_sample(draft.kind.name)) - {"sample"}
        assert set(draft.data) == tried, draft.kind.name


def test_every_letter_of_the_story_prints(writing: Writing) -> None:
    printed = {draft.kind.name: draft for _, draft in every_draft(writing)}
    for draft in printed.values():
        pdf = TypstPress().print_pdf(draft.kind.name, draft.data, dated_at=draft.dated_at).pdf
        assert pdf.startswith(b"%PDF-1.7")


def test_no_letter_names_anybody_whom_an_addressee_may_not_know(writing: Writing) -> None:
    organisation = writing.organisation
    for stream, draft in every_draft(writing):
        text = json.dumps(draft.data, ensure_ascii=False)
        facts, rulebook = organisation.facts(stream), organisation.governing(stream)
        for person in draft.to:
            for unknown in build_reader(facts, rulebook, person).unknown - set(draft.to):
                assert f"Name of {unknown}" not in text


def test_notice_tells_charges_particulars_stakes_and_times(writing: Writing) -> None:
    data = draft_last(writing, CONFIDENCE, NoticeServed).data
    allegations = data["allegations"]
    assert isinstance(allegations, list)
    assert allegations
    for one in allegations:
        assert one["title"] == "Breaking the confidence of the caucus"
        assert one["clause"]["id"] == "2.2"
        assert one["particulars"]
    assert data["appeal_within"] == "10 working days"
    assert data["to"] == f"Name of {RESPONDENT}"
    ladder = data["ladder"]
    assert isinstance(ladder, list)
    assert [one["title"] for one in ladder][-1] == "Expulsion"
    assert ladder[-1]["after"] == "Final warning"


def test_disclosure_lists_what_is_disclosed_with_what_it_is(writing: Writing) -> None:
    data = draft_last(writing, CONFIDENCE, ExhibitDisclosed).data
    exhibits = data["exhibits"]
    assert isinstance(exhibits, list)
    assert all(one["kind"] for one in exhibits)


def test_decision_tells_findings_votes_and_until_when_to_appeal(writing: Writing) -> None:
    data = draft_again(writing, CONFIDENCE, events(writing, CONFIDENCE, DecisionServed)[0]).data
    for name in ("findings", "votes", "reasons", "decided_by"):
        assert data[name], name
    assert data["kind"] == "outcome"
    assert data["appeal_by"] is not None
    assert (bool(data["exhibits"]), data["rests_on_none"]) == (True, False)


def test_what_is_decided_on_appeal_is_told_as_that_and_is_not_appealed_again(writing: Writing) -> None:
    appeal = events(writing, CONFIDENCE, AppealDecided)[-1]
    served = DecisionServed(decision=appeal.seq, to=RESPONDENT)
    writer = events(writing, CONFIDENCE, DecisionServed)[0].actor
    assert writer is not None
    data = build_draft(writing, CONFIDENCE, served, writer, at=FINISHED).data
    assert isinstance(appeal.act, AppealDecided)
    assert data["kind"] == f"appeal decided {appeal.act.outcome}"
    assert (data["appeal_to"], data["appeal_by"]) == ("", None)
    assert data["decided_by"] == "The appeal panel"
    assert (data["exhibits"], data["rests_on_none"]) == ([], True)


def test_decision_that_is_not_there_is_told_as_nothing(writing: Writing) -> None:
    data = build_draft(writing, CONFIDENCE, DecisionServed(decision=9999, to=RESPONDENT), WHIP, at=FINISHED).data
    assert (data["kind"], data["reasons"], data["findings"], data["rests_on_none"]) == ("", "", [], False)


def test_decision_sent_by_post_names_no_day_before_it_arrives(writing: Writing) -> None:
    event = events(writing, CONFIDENCE, DecisionServed)[-1]
    assert event.actor is not None
    assert isinstance(event.act, DecisionServed)
    posted = DecisionServed(decision=event.act.decision, to=event.act.to, states_appeal=True, method="post")
    draft = build_draft(writing, CONFIDENCE, posted, event.actor, at=event.recorded_at, before=event.seq)
    assert draft.data["appeal_by"] is None


def test_instrument_names_the_person_the_sanction_and_its_clause(writing: Writing) -> None:
    data = draft_last(writing, CONFIDENCE, InstrumentIssued).data
    imposed = events(writing, CONFIDENCE, SanctionImposed)[-1].act
    assert isinstance(imposed, SanctionImposed)
    assert data["person"] == f"Name of {imposed.person}"
    assert data["sanction"] != imposed.sanction  # its title, not its name in the rules
    assert data["clause"]


def test_outcome_of_an_appeal_goes_to_both_sides(writing: Writing) -> None:
    draft = draft_last(writing, CONFIDENCE, AppealDecided)
    assert RESPONDENT in draft.to
    assert len(draft.to) > 1
    assert draft.data["to"] is None
    assert draft.data["grounds"]


def test_acknowledgement_goes_to_whoever_reported(writing: Writing) -> None:
    draft = draft_last(writing, CONDUCT, ReportAcknowledged)
    report = writing.organisation.facts(CONDUCT).matter.find(0)
    assert report is not None
    assert draft.to == (report.actor,)
    assert draft.data["informed_within"] == "3 months"


def test_acknowledgement_of_what_is_no_report_goes_to_nobody(writing: Writing) -> None:
    facts = writing.organisation.facts(CONDUCT)
    assert find_addressees(facts, ReportAcknowledged(report=9999, text="x")) == ()


def test_invitation_tells_nobody_who_else_is_invited(writing: Writing) -> None:
    draft = draft_last(writing, CONFIDENCE, MeetingCalled)
    assert len(draft.to) > 10
    assert draft.data["to"] is None
    assert "m33" not in json.dumps({name: one for name, one in draft.data.items() if name != "sender"})


def test_letter_tells_its_writer_nothing_that_they_may_not_see(writing: Writing) -> None:
    """Somebody without a part, who addresses a letter to the respondent, gets an empty one."""
    event = events(writing, CONFIDENCE, NoticeServed)[-1]
    act = NoticeServed(to=RESPONDENT, allegations=("a1", "a2", "a3"), exhibits=("e1",))
    draft = build_draft(writing, CONFIDENCE, act, NOBODY, at=event.recorded_at)
    assert draft.data["allegations"] == []
    exhibits = draft.data["exhibits"]
    assert isinstance(exhibits, list)
    assert all(not one["title"] for one in exhibits)


def test_letters_are_listed_to_their_addressee_and_to_who_keeps_the_matter(writing: Writing) -> None:
    mine = find_letters(writing, CONFIDENCE, RESPONDENT)
    assert {"notice", "decision", "instrument"} <= {one.kind.name for one in mine}
    assert [one.seq for one in mine] == sorted((one.seq for one in mine), reverse=True)
    assert all(one.to == RESPONDENT for letter in mine for one in letter.arrivals)
    kept = find_letters(writing, CONFIDENCE, CUSTODIAN)
    assert len(kept) > len(mine)
    assert not find_letters(writing, CONFIDENCE, INVESTIGATOR)


def test_what_runs_from_a_decision_is_reckoned_from_its_arrival(writing: Writing) -> None:
    served = next(one for one in find_letters(writing, CONFIDENCE, RESPONDENT) if one.kind.name == "decision")
    arrival = served.arrivals[0]
    assert arrival.at is not None
    assert arrival.runs
    for _, reckoned in arrival.runs:
        assert reckoned.end > arrival.at
        assert reckoned.working


def test_letter_served_without_its_digest_is_made_again_and_says_so(writing: Writing) -> None:
    served = next(one for one in find_letters(writing, CONFIDENCE, RESPONDENT) if one.kind.name == "notice")
    again = [open_letter(writing, TypstPress(), CONFIDENCE, served.seq, RESPONDENT, now=FINISHED) for _ in range(2)]
    assert not again[0].is_as_served
    assert sha256(again[0].pdf).digest() == sha256(again[1].pdf).digest()


@pytest.mark.parametrize("viewer", [NOBODY, INVESTIGATOR])
def test_letter_is_not_opened_to_anybody_else(writing: Writing, viewer: PersonId) -> None:
    served = next(one for one in find_letters(writing, CONFIDENCE, RESPONDENT) if one.kind.name == "notice")
    with pytest.raises(UnknownMatterError):
        open_letter(writing, TypstPress(), CONFIDENCE, served.seq, viewer, now=FINISHED)


def test_matter_that_is_not_there_has_no_letters(writing: Writing) -> None:
    for ask in (
        lambda: find_letters(writing, StreamId("nothing"), RESPONDENT),
        lambda: build_reply_form(writing, StreamId("nothing"), RESPONDENT, now=FINISHED),
        lambda: build_reply_form(writing, CONFIDENCE, NOBODY, now=FINISHED),
    ):
        with pytest.raises(UnknownMatterError):
            ask()


def test_letters_are_written_by_those_whose_part_lets_them(writing: Writing) -> None:
    def names(person: PersonId) -> set[str]:
        return {one.kind.name for one in find_writable(writing.organisation, CONFIDENCE, person, now=FINISHED)}

    assert names(RESPONDENT) == set()
    assert "invitation" in names(CHAIR)
    form = find_kind("reply-form")
    assert form is not None
    assert find_writable_one(writing.organisation, CONFIDENCE, CHAIR, form, now=FINISHED) is None


def test_form_to_answer_on_has_the_charges_of_the_matter(writing: Writing) -> None:
    data = build_reply_form(writing, CONFIDENCE, RESPONDENT, now=FINISHED).data
    assert data["allegations"]
    assert data["respond_by"] is not None


def test_there_is_a_sample_for_every_letter() -> None:
    assert set(SAMPLES) == {one.name for one in LETTERS}
    assert find_kind("nothing") is None


def test_act_that_serves_no_letter_is_no_letter(writing: Writing) -> None:
    with pytest.raises(ValueError, match="SanctionImposed"):
        build_draft(writing, CONFIDENCE, SanctionImposed(person=RESPONDENT, sanction="warning"), CHAIR, at=FINISHED)


def test_letter_bears_the_local_day(writing: Writing) -> None:
    late = datetime(2025, 12, 17, 23, tzinfo=UTC)  # the 18th in Auckland
    draft = build_draft(writing, CONFIDENCE, NoticeServed(to=RESPONDENT), CUSTODIAN, at=late)
    dated: Json = draft.data["dated"]
    assert dated == [2025, 12, 18]
    assert draft.dated_at == datetime(2025, 12, 18, tzinfo=UTC)
