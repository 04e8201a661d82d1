"""The catalogue is whole: every act says what it is, who may do it and who may read it."""

import re
import typing
from collections.abc import Iterator

from alteram.core.acts import ROLES, Act, all_specs
from alteram.core.acts.catalogue import Audience, StreamKind

SPECS = all_specs()


def test_every_act_has_one_line_of_help() -> None:
    assert not {spec.tag: spec.help for spec in SPECS if not re.fullmatch(r"[A-Z].{8,150}\.", spec.help)}


def test_every_act_says_who_may_do_it() -> None:
    assert not {spec.tag: spec.by for spec in SPECS if not spec.by or not set(spec.by) <= set(ROLES)}
    assert any("anyone" not in spec.by for spec in SPECS)


def test_every_act_says_who_may_read_it_and_where_it_stands() -> None:
    audiences, streams = typing.get_args(Audience), typing.get_args(StreamKind)
    assert not [spec.tag for spec in SPECS if spec.open_to not in audiences or spec.stream not in streams]


def test_every_tag_is_a_thing_what_happened_to_it_and_a_version() -> None:
    form = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*/[1-9][0-9]*")
    assert not [spec.tag for spec in SPECS if not form.fullmatch(spec.tag)]


def test_every_kind_of_act_stands_in_the_catalogue() -> None:
    named = {spec.type for spec in SPECS}
    assert set(_kinds(Act)) == named
    assert len(named) > 80


def _kinds(kind: type[Act]) -> Iterator[type[Act]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)
