"""A paper and the act it does: both stand or neither; who may enter it; nothing is given up without a second person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from alteram.core.acts import (
    AppealDecided,
    FactDenied,
    KeyLost,
    KeyRotated,
    MatterClosed,
    PaperConfirmed,
    PaperEntered,
    PartyJoined,
    ReporterAnswered,
    ReporterAsked,
    ReportWithdrawn,
    ResponseGiven,
    RightWaived,
    SupportOffered,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.vault import encode_base64url
from alteram.operations.keys import read_key_ring
from alteram.operations.organisation import Organisation
from alteram.operations.paper import EnteredPaper, PaperError, enter_paper, find_paper, find_paper_behind
from alteram.operations.perform import Performed, perform, perform_many
from alteram.operations.questions import UnknownMatterError, get_facts
from alteram.operations.recording import Batch, Proposal
from alteram.operations.signing import OwnSignatureNeededError, choose_for_paper
from tests.passkeys import passkey_of
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    SECRETARY,
    START,
    begin_matter,
    found_small_body,
    open_world,
)

ANSWER = ResponseGiven(stance="deny", text="It was not so.")
WAIVER = RightWaived(right="hearing")


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """A matter with a complainant, a respondent and a case manager."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield organisation


def paper(what: str = "response.given", **changes: Any) -> PaperEntered:
    given = {"person": RESPONDENT, "what": what, "digest": "ab" * 32, "received_at": START, **changes}
    return PaperEntered(**given)


def enter(organisation: Organisation, by: PersonId, act: Act = ANSWER, **changes: Any) -> Performed:
    what = {ANSWER: "response.given", WAIVER: "right.waived"}.get(act, "response.given")
    return enter_paper(organisation, M1, paper(**{"what": what, **changes}), act, by)


def code(done: Performed) -> str:
    assert isinstance(done.ruling, Refused), done.ruling
    return done.ruling.code


def test_paper_and_the_act_of_the_party_follow_one_another(organisation: Organisation) -> None:
    done = enter(organisation, MANAGER, witness=SECRETARY)
    matter = get_facts(organisation, M1).matter
    assert done.seq == matter.head_seq
    (entered,), (answer,) = matter.all(PaperEntered), matter.all(ResponseGiven)
    assert (entered.seq + 1, answer.seq) == (answer.seq, done.seq)
    assert (entered.actor, answer.actor, answer.live) == (MANAGER, RESPONDENT, True)


def test_act_that_the_rules_refuse_leaves_no_paper_behind(organisation: Organisation) -> None:
    before = get_facts(organisation, M1).matter.head_seq
    withdrawal = ReportWithdrawn(report=0)
    done = enter_paper(organisation, M1, paper("report.withdrawn", witness=SECRETARY), withdrawal, MANAGER)
    assert isinstance(done.ruling, Refused)
    assert get_facts(organisation, M1).matter.head_seq == before


@pytest.mark.parametrize(
    ("by", "changes", "told"),
    [
        (RESPONDENT, {}, "paper.own"),
        (COMPLAINANT, {}, "paper.own"),
        (MANAGER, {"person": MANAGER}, "paper.own"),
        (MANAGER, {"person": MEMBER}, "paper.no-party"),
        (MANAGER, {"received_at": START + timedelta(seconds=1)}, "paper.later"),
        (MEMBER, {}, "act.not-yours"),
        (OUTSIDER, {}, "matter.unknown"),
    ],
)
def test_paper_in_the_wrong_hand_is_refused(
    organisation: Organisation, by: PersonId, changes: dict[str, Any], told: str
) -> None:
    assert code(enter(organisation, by, **changes)) == told
    assert get_facts(organisation, M1).matter.all(PaperEntered, ResponseGiven) == ()


@pytest.mark.parametrize("witness", [None, MANAGER, RESPONDENT, COMPLAINANT])
def test_nothing_is_given_up_without_somebody_else_who_saw_the_paper(
    organisation: Organisation, witness: PersonId | None
) -> None:
    assert code(enter(organisation, MANAGER, WAIVER, witness=witness)) == "paper.witness"


def test_waiver_that_a_second_person_saw_is_recorded(organisation: Organisation) -> None:
    assert enter(organisation, MANAGER, WAIVER, witness=SECRETARY)


@pytest.mark.parametrize(
    "what", ["notice.served", "paper.entered", "member.joined", "nothing.known", "response.given/1"]
)
def test_paper_does_nothing_that_the_person_could_not_do(organisation: Organisation, what: str) -> None:
    ruled = perform(organisation, M1, paper(what), MANAGER)
    assert code(ruled) == "paper.not-theirs"


def test_paper_that_does_another_act_than_it_says_is_an_error(organisation: Organisation) -> None:
    with pytest.raises(PaperError):
        enter_paper(organisation, M1, paper("reporter.answered"), ANSWER, MANAGER)


def test_paper_cannot_be_recorded_without_the_act_that_it_does(organisation: Organisation) -> None:
    before = get_facts(organisation, M1).matter.head_seq
    assert code(perform(organisation, M1, paper(), MANAGER)) == "paper.alone"
    together = perform_many(organisation, [Proposal(M1, paper(), MANAGER), Proposal(M1, ANSWER, RESPONDENT)])
    assert [code(one) for one in together[:1]] == ["paper.alone"]
    assert get_facts(organisation, M1).matter.all(PaperEntered) == ()
    assert get_facts(organisation, M1).matter.head_seq == before + 1


def test_paper_of_former_times_that_no_act_follows_is_told_from_one_that_did_something(
    organisation: Organisation,
) -> None:
    batch = Batch(organisation, START, fresh=True)
    alone = Proposal(M1, paper(), MANAGER)
    batch.add(alone, batch.build_event(batch.facts(M1), alone), Allowed("case-manager"))
    batch.store()
    done = enter(organisation, MANAGER)
    assert [one.act for one in find_paper(organisation, M1, RESPONDENT).entered] == [None, done.seq]


def test_who_may_not_enter_paper_still_finds_forms_to_print(organisation: Organisation) -> None:
    desk = find_paper(organisation, M1, RESPONDENT)
    assert "response.given" in {one.spec.name for one in desk.forms}
    assert "notice.served" not in {one.spec.name for one in desk.forms}
    assert not desk.may_enter
    assert find_paper(organisation, M1, MANAGER).may_enter


@pytest.mark.parametrize("stream", [M1, StreamId("nowhere")])
def test_paper_in_a_matter_that_is_not_open_is_unknown(organisation: Organisation, stream: StreamId) -> None:
    with pytest.raises(UnknownMatterError):
        find_paper(organisation, stream, OUTSIDER)


def test_answer_of_somebody_else_on_paper_is_ruled_on_as_theirs(organisation: Organisation) -> None:
    act = ReporterAnswered(question=0, text="Yes.")
    done = enter_paper(organisation, M1, paper("reporter.answered", person=RESPONDENT), act, MANAGER)
    assert code(done) == "paper.not-theirs"


def entered(organisation: Organisation, viewer: PersonId = MANAGER) -> EnteredPaper:
    return find_paper(organisation, M1, viewer).entered[-1]


def hold_key(organisation: Organisation, scheme: Literal["ed25519", "webauthn"]) -> str:
    """Let the respondent alone hold the key that signs for them."""
    key = encode_base64url(passkey_of("own").cose if scheme == "webauthn" else bytes(range(32)))
    replaces = read_key_ring(organisation).people[RESPONDENT]
    taken = KeyRotated(person=RESPONDENT, scheme=scheme, public_key=key, replaces=replaces, held_by="person")
    assert perform(organisation, ORGANISATION_STREAM, taken, RESPONDENT)
    return key


def author_of(organisation: Organisation, seq: int) -> object:
    stored = next(organisation.ports.store.load(organisation.ports.organisation, M1, seq - 1, limit=1))
    opened = organisation.open(stored)
    assert opened is not None
    return opened.presentation.claims["author"]


@pytest.mark.parametrize("scheme", ["ed25519", "webauthn"])
def test_who_alone_holds_their_key_acts_on_paper_that_somebody_else_saw(
    organisation: Organisation, scheme: Literal["ed25519", "webauthn"]
) -> None:
    hold_key(organisation, scheme)
    assert find_paper(organisation, M1, MANAGER).alone == {RESPONDENT}
    assert code(enter(organisation, MANAGER)) == "paper.witness"
    assert code(enter(organisation, MANAGER, witness=COMPLAINANT)) == "paper.witness"
    assert enter(organisation, MANAGER, witness=SECRETARY)


def test_who_lost_their_only_key_still_acts_on_paper(organisation: Organisation) -> None:
    key = hold_key(organisation, "webauthn")
    lost = KeyLost(kind="person", person=RESPONDENT, public_key=key)
    assert perform(organisation, ORGANISATION_STREAM, lost, SECRETARY)
    assert enter(organisation, MANAGER, witness=SECRETARY)


def test_act_from_paper_is_signed_by_no_key_of_the_party(organisation: Organisation) -> None:
    done = enter(organisation, MANAGER)
    own = perform(organisation, M1, ANSWER, RESPONDENT)
    assert done.seq is not None
    assert own.seq is not None
    nobody = organisation.ports.signers.author_key(organisation.ports.organisation, None)
    signed, by_themselves = author_of(organisation, done.seq), author_of(organisation, own.seq)
    assert isinstance(signed, dict)
    assert isinstance(by_themselves, dict)
    assert signed["key"] == encode_base64url(nobody.public)
    assert by_themselves["key"] != signed["key"]


def test_what_only_its_author_may_sign_is_not_signed_from_paper(organisation: Organisation) -> None:
    decided = AppealDecided(appeal=0, outcome="upheld", reasons="So it was.")
    with pytest.raises(OwnSignatureNeededError):
        choose_for_paper(organisation.ports, decided)


def test_act_is_told_from_one_that_was_not_done_on_paper(organisation: Organisation) -> None:
    done = enter(organisation, MANAGER)
    own = perform(organisation, M1, ANSWER, RESPONDENT)
    assert done.seq is not None
    assert own.seq is not None
    facts = get_facts(organisation, M1)
    behind = find_paper_behind(facts, done.seq)
    assert behind is not None
    assert behind.seq == done.seq - 1
    assert find_paper_behind(facts, own.seq) is None
    assert find_paper_behind(facts, done.seq - 1) is None


@pytest.mark.parametrize("by", [RESPONDENT, SECRETARY, CUSTODIAN])
def test_paper_is_confirmed_by_whose_it_is_or_by_a_second_person(organisation: Organisation, by: PersonId) -> None:
    enter(organisation, MANAGER)
    seq = entered(organisation).event.seq
    assert not entered(organisation).is_confirmed
    assert entered(organisation, by).may_confirm
    assert perform(organisation, M1, PaperConfirmed(paper=seq), by)
    assert entered(organisation).is_confirmed
    assert not entered(organisation, by).may_confirm


@pytest.mark.parametrize("by", [MANAGER, COMPLAINANT])
def test_paper_is_confirmed_neither_by_who_entered_it_nor_by_the_other_side(
    organisation: Organisation, by: PersonId
) -> None:
    enter(organisation, MANAGER)
    seq = entered(organisation).event.seq
    assert not entered(organisation, by).may_confirm
    assert code(perform(organisation, M1, PaperConfirmed(paper=seq), by)) == "paper.not-yours"


def test_whoever_saw_the_paper_may_confirm_it_and_a_stranger_learns_nothing(organisation: Organisation) -> None:
    assert perform(organisation, M1, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    enter(organisation, MANAGER, witness=MEMBER)
    seq = entered(organisation).event.seq
    assert code(perform(organisation, M1, PaperConfirmed(paper=seq), OUTSIDER)) == "matter.unknown"
    assert perform(organisation, M1, PaperConfirmed(paper=seq), MEMBER)


def test_party_who_says_that_it_is_not_what_the_paper_says_is_heard_above_a_second_person(
    organisation: Organisation,
) -> None:
    enter(organisation, MANAGER)
    seq = entered(organisation).event.seq
    assert perform(organisation, M1, PaperConfirmed(paper=seq), SECRETARY)
    assert perform(organisation, M1, PaperConfirmed(paper=seq, agrees=False, text="I wrote another."), RESPONDENT)
    assert (entered(organisation).is_confirmed, entered(organisation).is_denied) == (False, True)
    assert perform(organisation, M1, PaperConfirmed(paper=seq), RESPONDENT)
    assert (entered(organisation).is_confirmed, entered(organisation).is_denied) == (True, False)


def test_only_a_paper_is_confirmed(organisation: Organisation) -> None:
    assert code(perform(organisation, M1, PaperConfirmed(paper=0), SECRETARY)) == "reference.unknown"


def test_paper_says_what_it_answers_where_that_was_sent_to_the_party(organisation: Organisation) -> None:
    mine = perform(organisation, M1, SupportOffered(to=RESPONDENT), MANAGER).seq
    theirs = perform(organisation, M1, SupportOffered(to=COMPLAINANT), MANAGER).seq
    asked = perform(organisation, M1, ReporterAsked(text="When?"), MANAGER).seq
    assert code(enter(organisation, MANAGER, answers=theirs)) == "paper.answers-another"
    assert code(enter(organisation, MANAGER, answers=4096)) == "reference.unknown"
    for seq in (mine, asked):
        assert enter(organisation, MANAGER, answers=seq)
        assert getattr(entered(organisation).event.act, "answers", None) == seq


def test_paper_that_does_what_may_be_done_in_a_closed_matter_is_entered_there(organisation: Organisation) -> None:
    assert perform(organisation, M1, MatterClosed(approved_by=CUSTODIAN), MANAGER)
    assert code(enter(organisation, MANAGER)) == "matter.closed"
    correction = FactDenied(event=0)
    assert enter_paper(organisation, M1, paper("fact.denied"), correction, MANAGER)


def test_witness_sees_what_was_entered_for_them_and_can_confirm_it(organisation: Organisation) -> None:
    assert perform(organisation, M1, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    denied = FactDenied(event=0)
    assert enter_paper(organisation, M1, paper("fact.denied", person=MEMBER), denied, MANAGER)
    assert entered(organisation, MEMBER).may_confirm
    assert enter(organisation, MANAGER)
    assert [one.person for one in find_paper(organisation, M1, MEMBER).entered] == [MEMBER]
