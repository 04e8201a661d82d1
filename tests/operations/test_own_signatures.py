"""Acts signed by their author's own passkey: prepared, signed, performed once, and shown to be theirs by both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from alteram.core.acts import DecisionMade, InterestDeclared, KeyLost, find_spec
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import iterate_entries
from alteram.core.vault import Assertion, encode_base64url, is_signed_by_passkey
from alteram.operations.keys import KeyChangeError, bring_up_to_date, read_key_ring, rotate_key
from alteram.operations.organisation import Organisation
from alteram.operations.own_signatures import (
    LIFETIME,
    KeyInForce,
    Prepared,
    enrol_passkey,
    find_key_in_force,
    needs_own_signature,
    perform_signed,
    prepare_signature,
)
from alteram.operations.perform import Performed, perform
from alteram.operations.signing import OWN_SIGNATURE, OwnSignatureNeededError, SigningError
from conformance.verify_export import verify as verify_second
from tests.passkeys import Passkey, eddsa_passkey_of, passkey_of
from tests.worlds import CHAIR, CUSTODIAN, M1, MANAGER, OUTSIDER, SECRETARY, World, do, export, verify

OWN, OTHER = passkey_of("own"), passkey_of("other")
REMARK = InterestDeclared(nature="none", text="None.")
DECISION = DecisionMade(deciders=(CHAIR,), reasons="What was said is not proved.")


@pytest.fixture
def signing(matter: Organisation) -> Organisation:
    """A matter whose chair has enrolled a passkey."""
    assert enrol_passkey(matter, CHAIR, OWN.cose)
    return matter


def prepare(organisation: Organisation, key: Passkey = OWN) -> tuple[Prepared, Assertion]:
    prepared, digest = prepare_signature(organisation, M1, DECISION, CHAIR)
    return prepared, key.sign(digest)


def finish(organisation: Organisation, signed: tuple[Prepared, Assertion], act: DecisionMade = DECISION) -> Performed:
    return perform_signed(organisation, M1, act, CHAIR, prepared=signed[0], assertion=signed[1])


def head_of(organisation: Organisation) -> int:
    return organisation.state(M1, fresh=True).facts.head_seq


@pytest.mark.parametrize("make", [passkey_of, eddsa_passkey_of])
def test_act_that_was_signed_is_recorded_and_both_verifiers_say_by_a_passkey(
    world: World, matter: Organisation, make: Callable[[str], Passkey]
) -> None:
    key = make("own")
    assert enrol_passkey(matter, CHAIR, key.cose)
    prepared, assertion = prepare(matter, key)
    done = finish(matter, (prepared, assertion))
    assert done
    integrator = world.integrator(matter)
    bring_up_to_date(integrator)
    integrator.cosign()
    data = export(matter, M1)
    assert verify(matter, data).signed_by_passkey == 1
    assert sum(one.by_passkey for one in verify_second(data).streams) == 1
    (entry,) = [one for one in iterate_entries(BytesIO(data), matter.ports.policy) if is_signed_by_passkey(one.claims)]
    author = entry.claims["author"]
    assert isinstance(author, dict)
    # What the verifiers saw sign is what the record says only the chair holds.
    assert author["key"] == encode_base64url(key.cose) == read_key_ring(matter).people[CHAIR]
    assert author["key"] in read_key_ring(matter).held_elsewhere
    assert (entry.author, entry.claims["actor"], entry.claims["act"]) == ("verified", CHAIR, "decision.made/1")
    assert done.seq == head_of(matter)


def test_act_that_weighs_heavily_waits_for_its_authors_own_signature(signing: Organisation) -> None:
    before = head_of(signing)
    with pytest.raises(OwnSignatureNeededError):
        perform(signing, M1, DECISION, CHAIR)
    assert head_of(signing) == before


def test_act_that_is_refused_is_refused_before_it_is_signed(signing: Organisation) -> None:
    assert enrol_passkey(signing, MANAGER, OTHER.cose)
    assert isinstance(perform(signing, M1, DECISION, MANAGER).ruling, Refused)


def test_other_acts_of_whoever_signs_with_a_passkey_do_not_pass_for_signed_by_them(signing: Organisation) -> None:
    do(signing, M1, REMARK, CHAIR)
    (*_, stored) = signing.ports.store.load(signing.ports.organisation, M1)
    opened = signing.open(stored)
    assert opened is not None
    author = opened.presentation.claims["author"]
    assert isinstance(author, dict)
    nobodys = signing.ports.signers.author_key(signing.ports.organisation, None)
    assert author["key"] == encode_base64url(nobodys.public)


def test_only_what_weighs_heavily_waits_for_who_has_enrolled_a_passkey(signing: Organisation) -> None:
    assert needs_own_signature(signing, "decision.made", CHAIR)
    assert not needs_own_signature(signing, "interest.declared", CHAIR)
    assert not needs_own_signature(signing, "decision.made", CUSTODIAN)


@pytest.mark.parametrize("name", sorted(OWN_SIGNATURE))
def test_acts_that_wait_for_a_signature_are_acts(name: str) -> None:
    assert find_spec(name) is not None


def test_who_has_enrolled_no_passkey_decides_as_before(matter: Organisation) -> None:
    assert perform(matter, M1, DECISION, CHAIR)
    assert find_key_in_force(matter, CHAIR) == KeyInForce("organisation")


def test_decision_reported_afterwards_needs_no_signature(signing: Organisation) -> None:
    assert perform(signing, M1, DECISION, CUSTODIAN, reported=Reported(by=CHAIR))


def test_altered_act_is_refused_and_nothing_recorded(signing: Organisation) -> None:
    signed, before = prepare(signing), head_of(signing)
    for altered in (
        DecisionMade(deciders=(CHAIR,), reasons="What was said is proved."),
        DecisionMade(deciders=(CHAIR,), reasons="What was said is not proved.", kind="warning"),
        DecisionMade(deciders=(CHAIR,)),
    ):
        with pytest.raises(SigningError, match="not one over this act"):
            finish(signing, signed, altered)
    assert head_of(signing) == before
    assert finish(signing, signed)


@pytest.mark.parametrize(("late", "accepted"), [(-1, False), (0, True), (240, True), (241, False)])
def test_signature_is_taken_for_four_minutes(signing: Organisation, late: int, *, accepted: bool) -> None:
    assert timedelta(seconds=240) == LIFETIME
    prepared, assertion = prepare(signing)
    now = prepared.at + timedelta(seconds=late)
    if accepted:
        done = perform_signed(signing, M1, DECISION, CHAIR, prepared=prepared, assertion=assertion, now=now)
        assert done
        return
    with pytest.raises(SigningError, match="too long"):
        perform_signed(signing, M1, DECISION, CHAIR, prepared=prepared, assertion=assertion, now=now)


def test_act_cannot_be_made_younger_than_it_was_signed(signing: Organisation) -> None:
    prepared, assertion = prepare(signing)
    later = replace(prepared, at=prepared.at + timedelta(seconds=1))
    with pytest.raises(SigningError, match="not one over this act"):
        perform_signed(signing, M1, DECISION, CHAIR, prepared=later, assertion=assertion, now=later.at)


def test_signature_of_another_passkey_or_over_other_salts_is_refused(signing: Organisation) -> None:
    with pytest.raises(SigningError, match="not one over this act"):
        finish(signing, prepare(signing, OTHER))
    with pytest.raises(SigningError, match="not one over this act"):
        finish(signing, (prepare(signing)[0], prepare(signing)[1]))


def test_signature_in_anothers_name_is_refused(signing: Organisation) -> None:
    prepared, assertion = prepare(signing)
    for actor in (CUSTODIAN, MANAGER):
        done_by = {"prepared": prepared, "assertion": assertion}
        try:
            done = perform_signed(signing, M1, DECISION, actor, **done_by)  # type: ignore[arg-type]  # both are right
        except SigningError:
            continue
        assert isinstance(done.ruling, Refused)
    assert not signing.state(M1, fresh=True).facts.all(DecisionMade)


def test_passkey_that_was_replaced_between_signs_nothing(signing: Organisation) -> None:
    signed = prepare(signing)
    assert enrol_passkey(signing, CHAIR, OTHER.cose)
    with pytest.raises(SigningError, match="not one over this act"):
        finish(signing, signed)
    assert rotate_key(signing, CHAIR, SECRETARY)
    with pytest.raises(SigningError, match="not in force"):
        finish(signing, signed)


def test_passkey_declared_lost_signs_nothing_and_its_owner_can_replace_it(signing: Organisation) -> None:
    lost = KeyLost(kind="person", person=CHAIR, public_key=encode_base64url(OWN.cose))
    do(signing, ORGANISATION_STREAM, lost, SECRETARY)
    with pytest.raises(SigningError, match="declared lost"):
        finish(signing, prepare(signing))
    assert enrol_passkey(signing, CHAIR, OTHER.cose)
    assert finish(signing, prepare(signing, OTHER))


def test_passkey_takes_the_place_of_the_key_that_was_held_and_is_the_persons(matter: Organisation) -> None:
    before = read_key_ring(matter).people[CHAIR]
    assert enrol_passkey(matter, CHAIR, OWN.cose)
    assert before in read_key_ring(matter).gone
    assert find_key_in_force(matter, CHAIR) == KeyInForce("person", encode_base64url(OWN.cose))
    assert not enrol_passkey(matter, OUTSIDER, OTHER.cose)
    taken = enrol_passkey(matter, CUSTODIAN, OWN.cose)
    assert isinstance(taken.ruling, Refused)
    assert taken.ruling.code == "key.used"


def test_key_of_another_kind_is_not_enrolled(matter: Organisation) -> None:
    with pytest.raises(KeyChangeError, match="cannot sign"):
        enrol_passkey(matter, CHAIR, OWN.cose + b"\0")


def test_person_can_go_back_to_a_key_that_the_organisation_holds(signing: Organisation) -> None:
    assert rotate_key(signing, CHAIR, CHAIR)
    assert find_key_in_force(signing, CHAIR) == KeyInForce("organisation")
    assert perform(signing, M1, DECISION, CHAIR)
