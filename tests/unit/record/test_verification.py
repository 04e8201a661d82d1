"""From a log to an export to a report: what is shown, what is withheld, what is said of it."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest

from alteram.core.record import RecordError, VerificationReport, iterate_entries, verify_export
from alteram.core.tlog import PolicyError, SignerKey, encode_policy, parse_policy
from alteram.core.tlog.policy import Named
from tests.exports import (
    ALL_TYPES,
    MATTER,
    ORGANISATION,
    ORIGIN,
    POLICY,
    RULEBOOK,
    START,
    TIMESTAMP,
    build_export,
    build_part,
    members_of,
    redacted,
    seed_of,
)
from tests.forgeries import FORGERIES


def verify(export: bytes) -> VerificationReport:
    return verify_export(BytesIO(export), POLICY)


def test_whole_export_is_reported_whole() -> None:
    report = verify(build_export())
    assert (report.organisation, report.matter, report.checkpoint.origin) == (ORGANISATION, MATTER, ORIGIN)
    assert (report.checkpoint.size, report.entries, report.signed_by_author) == (9, 5, 5)
    assert (report.fields_withheld, report.absent_rulebooks, report.notes) == (0, (), ())
    assert report.rulebooks == (sha256(RULEBOOK).hexdigest(),)
    matter, organisation = report.streams
    assert (matter.name, matter.entries, matter.complete, matter.closed) == (MATTER, 3, True, True)
    assert (organisation.name, organisation.entries, organisation.complete, organisation.closed) == (
        "organisation",
        2,
        True,
        False,
    )
    assert matter.first_at == START + timedelta(minutes=21)
    assert matter.last_at == START + timedelta(minutes=35)


def test_signers_and_their_times_are_reported() -> None:
    report = verify(build_export())
    assert report.witnessed
    assert report.signers == (
        (ORIGIN, 0),
        (ORIGIN, TIMESTAMP),
        ("example.net/witness-a", TIMESTAMP),
        ("example.com/witness-b", TIMESTAMP),
    )


def test_log_that_nobody_witnessed_is_said_to_be_so() -> None:
    part = build_part()
    note = part.log.checkpoint(ALL_TYPES.log_keys)
    policy = replace(POLICY, witnesses=(), groups=(), quorum="none")
    export = replace(part, note=note, policy=encode_policy(policy)).write()
    report = verify_export(BytesIO(export))
    assert not report.witnessed
    assert len(report.notes) == 2


def test_trust_taken_from_the_file_is_said_to_be_so() -> None:
    assert "use your own" in verify_export(BytesIO(build_export())).notes[0]


def test_policy_of_other_keys_is_not_met() -> None:
    stranger = SignerKey.from_seed(ORIGIN, 1, seed_of("stranger"))
    policy = replace(POLICY, logs=(Named(ORIGIN, stranger.verifier),))
    with pytest.raises(RecordError) as caught:
        verify_export(BytesIO(build_export()), policy)
    assert (caught.value.code, caught.value.where) == ("policy.log", "checkpoint")


def test_policy_of_another_origin_is_not_met() -> None:
    policy = replace(POLICY, logs=(Named("b", SignerKey.from_seed("example.org/b", 1, seed_of("log")).verifier),))
    with pytest.raises(RecordError) as caught:
        verify_export(BytesIO(build_export()), policy)
    assert caught.value.code == "policy.log"


def test_withheld_fields_are_counted_and_leave_no_trace() -> None:
    kept = ("stream", "seq", "prev", "act", "at", "fields")
    export = redacted(*kept)
    report = verify(export)
    whole = verify(build_export())
    assert report.entries == whole.entries
    assert report.fields_disclosed == 5 * len(kept)
    assert report.fields_withheld == whole.fields_disclosed - 5 * len(kept)
    assert report.signed_by_author == 0
    assert all(stream.complete for stream in report.streams)
    shown = b"".join(members_of(export).values())
    for _, opened in build_part().log.entries.values():
        for one in opened.presentation.disclosures:
            assert (one.encoded.encode() in shown) is (one.name in kept)


def test_export_of_bare_commitments_still_proves_they_are_there() -> None:
    report = verify(redacted())
    assert (report.entries, report.fields_disclosed) == (5, 0)
    # Nothing says how many are decoys, so all digests count as withheld.
    assert report.fields_withheld == 5 * 32 - 16 * sum(
        len(opened.jwt.digests) == 16 for _, opened in build_part().log.entries.values()
    )
    assert [(one.complete, one.closed, one.first_at) for one in report.streams] == [(False, False, None)] * 2


def test_author_is_verified_in_a_copy_that_shows_neither_actor_nor_text() -> None:
    assert verify(redacted("author", "act")).signed_by_author == 5


@pytest.mark.parametrize("missing", [0, 1])
def test_stream_with_a_gap_is_not_complete(missing: int) -> None:
    export = replace(build_part(), without=frozenset({("matter-1", missing)})).write()
    matter, organisation = verify(export).streams
    assert (matter.entries, matter.complete, matter.closed) == (2, False, True)
    assert organisation.complete


def test_stream_without_its_tail_is_complete_so_far_but_not_closed() -> None:
    export = replace(build_part(), without=frozenset({("matter-1", 2)})).write()
    matter = verify(export).streams[0]
    assert (matter.entries, matter.complete, matter.closed) == (2, True, False)


@pytest.mark.parametrize("withheld", ["seq", "prev"])
def test_stream_whose_links_are_withheld_is_not_shown_to_be_complete(withheld: str) -> None:
    names = {one.name for _, opened in build_part().log.entries.values() for one in opened.presentation.disclosures}
    assert not any(one.complete for one in verify(redacted(*(names - {withheld}))).streams)


def test_rulebook_that_a_ruling_names_and_that_is_absent_is_reported() -> None:
    report = verify(replace(build_part(), rulebooks=()).write())
    assert (report.rulebooks, report.absent_rulebooks) == ((), (sha256(RULEBOOK).hexdigest(),))


def test_same_export_is_written_twice_the_same() -> None:
    assert build_part().write() == build_part().write()


def test_entries_come_out_verified_in_order() -> None:
    entries = list(iterate_entries(BytesIO(build_export()), POLICY))
    assert [one.name.removeprefix("streams/").removesuffix(".sd-jwt") for one in entries] == [
        "matter-1/00000000",
        "matter-1/00000001",
        "matter-1/00000002",
        "organisation/00000000",
        "organisation/00000001",
    ]
    assert {one.author for one in entries} == {"verified"}
    assert entries[0].claims["act"] == "report.lodged/1"


def test_entries_of_a_forged_export_do_not_come_out() -> None:
    forged = FORGERIES["author-is-another"].make()
    with pytest.raises(RecordError, match="author"):
        list(iterate_entries(BytesIO(forged), POLICY))


@pytest.mark.parametrize("name", FORGERIES)
def test_failure_names_the_step(name: str) -> None:
    forgery = FORGERIES[name]
    if forgery.code is None:
        verify_export(BytesIO(forgery.make()))
        return
    with pytest.raises(RecordError) as caught:
        verify_export(BytesIO(forgery.make()))
    assert caught.value.code == forgery.code
    if forgery.code != "archive.missing":
        assert "(step " in str(caught.value)


def test_policy_file_round_trips_and_is_not_anything_else() -> None:
    assert parse_policy(encode_policy(POLICY)) == POLICY
    with pytest.raises(PolicyError):
        parse_policy(build_export())
