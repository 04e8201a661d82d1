"""The register of readings: what it tells of one matter is counted as it grows, and never over again."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from alteram.core.acts import ContentRead
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import READINGS_STREAM, PersonId, StreamId
from alteram.core.matters import AnyEvent
from alteram.operations.entries import enter
from alteram.operations.organisation import Organisation
from alteram.operations.readings import find_readings, read_entry, read_from
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    World,
    begin_matter,
    found_small_body,
    open_world,
)

M2 = StreamId("m2")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world("memory", tmp_path) as opened:
        yield opened


@pytest.fixture
def organisation(world: World) -> Organisation:
    organisation = world.open()
    found_small_body(organisation)
    for stream in (M1, M2):
        begin_matter(organisation, stream)
    return organisation


def read(organisation: Organisation, stream: StreamId, person: PersonId, seq: int = 0) -> None:
    read_entry(enter(organisation, stream, person), seq, now=organisation.ports.clock())


def told(organisation: Organisation, stream: StreamId) -> list[tuple[str | None, list[int]]]:
    found = find_readings(enter(organisation, stream, CUSTODIAN))
    return [(one.reader, [entry.seq for entry in one.entries]) for one in found]


def test_each_matter_is_told_its_own_readings_whoever_kept_them(world: World, organisation: Organisation) -> None:
    read(organisation, M1, MANAGER)
    elsewhere = world.open()
    read(elsewhere, M2, MANAGER)
    read(elsewhere, M1, MANAGER)
    read(elsewhere, M1, CUSTODIAN)
    read(organisation, M1, CUSTODIAN)
    assert told(organisation, M1) == [(CUSTODIAN, [0]), (MANAGER, [0])]
    assert told(organisation, M2) == [(MANAGER, [0])]
    assert told(world.open(), M1) == told(organisation, M1)


def test_what_was_counted_is_not_looked_at_again(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (M1, M2):
        read(organisation, stream, MANAGER)
    looked: list[int] = []
    counted = organisation.state(READINGS_STREAM, fresh=True).facts.all(ContentRead)

    class Counting(tuple[AnyEvent, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[AnyEvent]:
            looked.append(len(self))
            return super().__iter__()

    by_type = cast("dict[type[Act], tuple[AnyEvent, ...]]", organisation.state(READINGS_STREAM).facts.by_type)
    kind: type[Act] = ContentRead
    monkeypatch.setitem(by_type, kind, Counting(counted))
    told(organisation, M1)
    assert looked == []


def test_register_that_was_read_anew_is_counted_anew(organisation: Organisation) -> None:
    read(organisation, M1, MANAGER)
    organisation.forget(READINGS_STREAM)
    read(organisation, M1, MANAGER)
    read(organisation, M1, CUSTODIAN)
    assert told(organisation, M1) == [(CUSTODIAN, [0]), (MANAGER, [0])]


def test_entries_read_from_a_number_on_end_where_the_matter_does(organisation: Organisation) -> None:
    entered, now = enter(organisation, M1, MANAGER), organisation.ports.clock()
    last = entered.facts.matter.head_seq
    assert [one.seq for one in read_from(entered, last, 5, now=now)] == [last]
    assert read_from(entered, last + 1, 5, now=now) == ()
    assert [one.seq for one in read_from(entered, 0, 2, now=now)] == [0, 1]


def test_reading_ones_own_report_is_none(organisation: Organisation) -> None:
    read(organisation, M1, COMPLAINANT)
    assert told(organisation, M1) == []
