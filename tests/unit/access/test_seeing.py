"""Who sees which claim: each audience and role against the design; a protected name against every way to read it."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from alteram.core.access import Reader, find_visible_claims, find_visible_fields
from alteram.core.access.parts import _OPEN_FIELDS, act_as_party
from alteram.core.access.seeing import ENVELOPE, OUTLINE
from alteram.core.acts import ROLES, ActSpec, Role, all_specs, find_spec
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId

SECRET, VIEWER, CLERK = PersonId("hidden-1"), PersonId("viewer"), PersonId("clerk")
#: What the design says of each audience, written out: who reads all of an act that is open to it.
AUDIENCES: Mapping[str, str] = {
    "handlers": "case-manager investigator chair custodian secretary",
    "reporter-side": "reporter complainant case-manager custodian",
    "sides": "case-manager investigator chair custodian secretary decider appeal-decider scrutineer"
    " complainant respondent representative companion",
    "deciders": "case-manager investigator chair custodian secretary decider appeal-decider scrutineer",
    "addressee": "case-manager custodian",
    "parties": " ".join(role for role in ROLES if role not in {"member", "anyone"}),
    "organisation": " ".join(role for role in ROLES if role != "anyone"),
}
#: Parts from which the name of a protected reporter is kept.
KEPT_FROM: tuple[Role, ...] = tuple(role for role in ROLES if role not in {"case-manager", "custodian", "anyone"})

PROTECTED_CAPACITIES = ("reporter", "complainant", "witness", "companion", "anyone", "")
MATTER_SPECS = tuple(one for one in all_specs() if one.stream == "matter")


def spec_of(name: str) -> ActSpec:
    spec = find_spec(name)
    assert spec is not None
    return spec


def entry(
    name: str, actor: PersonId | None, /, *, capacity: str = "", reported: Any = None, **fields: Any
) -> dict[str, Json]:
    """Return the claims of an entry as a reader with every right would see them."""
    return {
        "stream": "m1",
        "seq": 4,
        "prev": None,
        "seen": None,
        "reads": [["organisation", 9]],
        "ruling": {"outcome": "allowed", "rulebook": None, "capacity": capacity, "clause": ""},
        "act": spec_of(name).tag,
        "actor": actor,
        "at": "2026-03-02T09:00:00Z",
        "reported": reported,
        "attachments": [],
        "fields": sorted(f"act.{field}" for field in fields),
        "author": {"scheme": "ed25519"},
        **{f"act.{field}": value for field, value in fields.items()},
    }


def seen_by(reader: Reader, claims: Mapping[str, Json]) -> dict[str, Json]:
    spec = spec_of(str(claims["act"]))
    return {name: claims[name] for name in find_visible_claims(reader, spec, claims)}


def reader(*roles: Role, person: PersonId = VIEWER, serving: bool = False) -> Reader:
    """Return somebody with these roles who may not know the protected person."""
    hidden = frozenset({SECRET})
    return Reader(person, (*roles, "anyone"), hidden, hidden if serving else frozenset())


def spelled(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from spelled(inner)
        case list() | tuple():
            for inner in value:
                yield from spelled(inner)
        case _:
            return


@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.name)
def test_role_reads_what_is_open_to_its_audience_and_otherwise_only_that_it_happened(spec: ActSpec) -> None:
    whole = {*ENVELOPE, *(f"act.{field.name}" for field in spec.fields)}
    for role in ROLES:
        outline = set() if role in {"member", "anyone"} else set(OUTLINE)
        expected = whole if role in AUDIENCES[spec.open_to].split() else outline
        assert set(find_visible_fields(spec, (role, "anyone"))) == expected, role


@pytest.mark.parametrize("spec", MATTER_SPECS, ids=lambda spec: spec.name)
def test_actor_with_a_protected_part_is_named_to_nobody_it_is_kept_from(spec: ActSpec) -> None:
    for capacity, role in product(PROTECTED_CAPACITIES, KEPT_FROM):
        shown = seen_by(reader(role), entry(spec.name, SECRET, capacity=capacity))
        assert not {"actor", "author"} & shown.keys(), (capacity, role)
        assert SECRET not in set(spelled(shown))


@pytest.mark.parametrize("spec", MATTER_SPECS, ids=lambda spec: spec.name)
def test_no_field_names_a_protected_person_for_a_protected_part(spec: ActSpec) -> None:
    open_fields = {name.partition(":")[2] for name in _OPEN_FIELDS if name.startswith(f"{spec.tag}:")}
    given: dict[str, Any] = {
        field.name: [CLERK, SECRET] if field.many else SECRET
        for field in spec.fields
        if field.names_people and field.name not in open_fields
    }
    if any(field.name == "role" for field in spec.fields):
        given["role"] = "complainant"
    for role in KEPT_FROM:
        shown = seen_by(reader(role), entry(spec.name, CLERK, capacity="case-manager", **given))
        assert SECRET not in set(spelled(shown)), role


@pytest.mark.parametrize("part", ["by", "asserted_by", "denied_by", "agreed_by", "absent_agreed_by"])
def test_standing_of_a_reported_event_does_not_name_a_protected_person(part: str) -> None:
    standing = {part: SECRET if part == "by" else [CLERK, SECRET]}
    claims = entry("statement.published", CLERK, capacity="case-manager", reported=standing)
    shown = seen_by(reader("respondent"), claims)
    assert "reported" not in shown
    assert shown["actor"] == CLERK


def test_protected_reporter_of_an_event_is_not_named_to_who_is_said_to_have_done_it() -> None:
    claims = entry("reprisal.alleged", SECRET, capacity="reporter", reported={"by": VIEWER}, person=SECRET, text="So.")
    shown = seen_by(reader("respondent"), claims)
    assert shown.keys() == set(OUTLINE)


def test_naming_somebody_as_asserting_an_event_does_not_open_it_to_them() -> None:
    claims = entry("risk.assessed", CLERK, capacity="case-manager", reported={"asserted_by": [VIEWER]}, person=SECRET)
    assert seen_by(reader("respondent"), claims).keys() == set(OUTLINE)


@pytest.mark.parametrize("role", ["case-manager", "custodian"])
def test_who_keeps_identities_sees_them(role: Role) -> None:
    claims = entry("party.joined", SECRET, capacity="reporter", person=SECRET, role="reporter", protected=True)
    assert seen_by(Reader(VIEWER, (role, "anyone")), claims).keys() == claims.keys()


def test_protected_person_sees_their_own_entries_whole() -> None:
    claims = entry("report.lodged", SECRET, capacity="anyone", identity="protected", text="So.")
    assert seen_by(reader("reporter", person=SECRET), claims) == claims


def test_everything_but_the_name_stays_open() -> None:
    claims = entry("exhibit.lodged", SECRET, capacity="complainant", exhibit="e1", kind="document", obtained="given")
    shown = seen_by(reader("respondent"), claims)
    assert claims.keys() - shown.keys() == {"actor", "author"}


@pytest.mark.parametrize("capacity", ["decider", "chair", "respondent", "member"])
def test_act_in_an_open_capacity_names_its_author_though_they_also_have_a_protected_part(capacity: str) -> None:
    claims = entry("motion.seconded", SECRET, capacity=capacity, motion="v1")
    assert seen_by(reader("respondent"), claims)["actor"] == SECRET


def test_reported_act_names_nobody_by_the_capacity_in_which_it_was_reported() -> None:
    claims = entry("motion.seconded", SECRET, capacity="decider", reported={"by": CLERK}, motion="v1")
    assert "actor" not in seen_by(reader("respondent"), claims)


def test_roll_of_a_body_names_its_members_and_only_them() -> None:
    claims = entry("meeting.called", CLERK, capacity="chair", invited=[CLERK, SECRET])
    assert seen_by(reader("respondent", serving=True), claims)["act.invited"] == [CLERK, SECRET]
    assert "act.invited" not in seen_by(reader("respondent"), claims)


def test_people_in_a_recording_are_no_roll() -> None:
    claims = entry("exhibit.lodged", CLERK, capacity="case-manager", speakers=[SECRET])
    assert "act.speakers" not in seen_by(reader("respondent", serving=True), claims)


@pytest.mark.parametrize(
    ("role", "open_"),
    [("complainant", False), ("reporter", False), ("witness", False), ("decider", True), ("respondent", True)],
)
def test_joining_names_whoever_joins_for_an_open_part(role: str, open_: bool) -> None:
    claims = entry("party.joined", CLERK, capacity="case-manager", person=SECRET, role=role)
    assert ("act.person" in seen_by(reader("respondent"), claims)) is open_


def test_other_people_are_named_as_before() -> None:
    claims = entry("party.joined", CLERK, capacity="case-manager", person=VIEWER, role="complainant")
    assert seen_by(reader("respondent"), claims) == claims


def test_link_to_another_matter_shows_in_what_was_read_only_to_handlers() -> None:
    claims = entry("motion.seconded", CLERK, capacity="decider")
    claims["reads"] = [["organisation", 9], ["m2", 4]]
    assert "reads" not in seen_by(reader("respondent"), claims)
    assert "reads" in seen_by(reader("investigator"), claims)
    assert "reads" in seen_by(reader("respondent"), entry("motion.seconded", CLERK, capacity="decider"))


@pytest.mark.parametrize("role", ["chair", "secretary", "investigator"])
def test_attempt_names_who_made_it_to_the_custodian_only(role: Role) -> None:
    claims = entry("act.refused", SECRET, stream="m1", code="act.not-yours", clause="record")
    assert not {"actor", "author"} & seen_by(Reader(VIEWER, (role, "anyone")), claims).keys()
    assert {"actor", "author"} <= seen_by(Reader(VIEWER, ("custodian", "anyone")), claims).keys()


def test_addressee_reads_what_is_addressed_to_them() -> None:
    claims = entry("support.offered", CLERK, capacity="case-manager", to=VIEWER)
    assert seen_by(reader("respondent"), claims) == claims
    other = entry("support.offered", CLERK, capacity="case-manager", to=CLERK)
    assert seen_by(reader("respondent"), other).keys() == set(OUTLINE)


def test_letter_to_a_protected_person_is_kept_from_who_may_not_know_them() -> None:
    letter: Json = [{"sha256": "0" * 64, "size": 9}]
    hidden = entry("decision.served", CLERK, capacity="secretary", to=SECRET, decision=3) | {"attachments": letter}
    assert "attachments" not in seen_by(reader("respondent"), hidden)
    assert seen_by(reader("custodian"), hidden | {"actor": VIEWER})["attachments"] == letter
    known = entry("decision.served", CLERK, capacity="secretary", to=CLERK, decision=3) | {"attachments": letter}
    assert seen_by(reader("respondent"), known)["attachments"] == letter


def test_exhibit_stays_readable_whoever_speaks_in_it() -> None:
    claims = entry("exhibit.lodged", CLERK, capacity="case-manager", exhibit="e1", speakers=[SECRET])
    seen = seen_by(reader("respondent"), claims)
    assert "act.speakers" not in seen
    assert "attachments" in seen


def test_those_to_whom_a_name_is_released_read_the_release() -> None:
    claims = entry(
        "identity.released", CLERK, capacity="custodian", person=PersonId("m07"), to=[VIEWER], basis="consent"
    )
    assert seen_by(reader("decider"), claims) == claims


def test_label_that_looks_like_a_person_addresses_nobody() -> None:
    claims = entry("review.decided", CLERK, capacity="custodian", to=VIEWER)
    assert seen_by(reader("witness"), claims).keys() == set(OUTLINE)


def test_reported_act_is_addressed_to_nobody() -> None:
    claims = entry("support.offered", CLERK, capacity="case-manager", reported={"by": CLERK}, to=VIEWER)
    assert seen_by(reader("respondent"), claims).keys() == set(OUTLINE)


@pytest.mark.parametrize("party", ["reporter", "complainant", "respondent"])
def test_party_reads_the_matter_as_a_party_whatever_office_they_hold(party: Role) -> None:
    held: tuple[Role, ...] = (party, "chair", "custodian", "secretary", "decider", "spokesperson", "member", "anyone")
    assert act_as_party(held) == (party, "member", "anyone")


def test_witness_who_decides_reads_as_both() -> None:
    assert act_as_party(("witness", "decider")) == ("witness", "decider")


def test_withheld_entry_shows_no_claim_that_is_not_there() -> None:
    claims = {name: value for name, value in entry("motion.seconded", CLERK).items() if name != "at"}
    assert "at" not in seen_by(reader("respondent"), claims)


def test_open_fields_are_fields_that_name_people() -> None:
    for name in _OPEN_FIELDS:
        tag, _, field = name.partition(":")
        assert any(one.name == field and one.names_people and not one.many for one in spec_of(tag).fields), name


def test_contact_person_reads_what_names_them_and_nothing_that_names_another() -> None:
    named = entry("contact-person.named", CLERK, capacity="case-manager", person=VIEWER, for_person=PersonId("m05"))
    spec = spec_of("contact-person.named")
    seen = find_visible_claims(Reader(VIEWER, ("contact-person",)), spec, named)
    assert {"act.person", "act.for_person", "actor"} <= set(seen)
    another = find_visible_claims(Reader(PersonId("another"), ("contact-person",)), spec, named)
    assert set(another) == set(OUTLINE)


def test_whom_somebody_says_was_named_elsewhere_is_not_told_by_that() -> None:
    said = entry("contact-person.named", CLERK, reported={"by": "clerk"}, person=VIEWER, for_person=PersonId("m05"))
    seen = find_visible_claims(Reader(VIEWER, ("contact-person",)), spec_of("contact-person.named"), said)
    assert set(seen) == set(OUTLINE)


def test_whom_they_keep_in_touch_with_stays_closed_where_that_is_protected_from_them() -> None:
    named = entry("contact-person.named", CLERK, capacity="case-manager", person=VIEWER, for_person=SECRET)
    reader = Reader(VIEWER, ("contact-person",), frozenset({SECRET}))
    assert "act.for_person" not in find_visible_claims(reader, spec_of("contact-person.named"), named)
