"""How a forged export is made and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.exports import build_export, members_of, pack

Members: TypeAlias = dict[str, bytes]


@dataclass(frozen=True)
class Forgery:
    """How to make the file, the code that refuses it (None: it is accepted), and the member that is named."""

    make: Callable[[], bytes]
    code: str | None
    where: str = ""


def with_members(change: Callable[[Members], Members]) -> Callable[[], bytes]:
    return lambda: pack(change(members_of(build_export())))


def drop(*names: str) -> Callable[[Members], Members]:
    return lambda members: {name: data for name, data in members.items() if name not in names}
