"""Excerpts altered at random, thousands of them: both verifiers give the same verdict with the same code."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.excerpts import GOOD, ask_first, ask_second

BASES: Final = [(Path(__file__).parents[2] / "testdata" / "excerpts" / f"{name}.excerpt").read_bytes() for name in GOOD]
FORMAT: Final = b"alteram-excerpt/1\n"
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**53, 2**64, 1.0, "", "x", "\u0000", "é", "A" * 43, [], {}, [[]], [None], {"a": 1}, 10**30,
    65537,
)  # fmt: skip
#: What may be altered, or left out, without harm: older heads bound the time, the policy inside only suggests.
LOOSE: Final = ("checkpoints", "policy", "successions")


def split(data: bytes) -> tuple[bytes, bytes]:
    at = len(FORMAT) + 4
    end = at + int.from_bytes(data[len(FORMAT) : at], "big")
    return data[at:end], data[end:]


def alter_bytes(data: bytes, random: Random) -> bytes:
    altered, at = bytearray(data), random.randrange(len(data))
    size = random.choice((1, 2, 16, 32, 43))
    match random.randrange(6):
        case 0:
            altered[at] ^= 1 << random.randrange(8)
        case 1:
            del altered[at : at + size]
        case 2:
            altered[at:at] = random.randbytes(size)
        case 3:
            del altered[at:]
        case 4:
            altered += bytes(size)
        case _:
            other = random.choice(BASES)
            altered[at : at + size] = other[at : at + size]
    return bytes(altered)


def alter_head(data: bytes, random: Random) -> bytes:
    """Alter one value of the head, and spell it as it must be (or, one time in eight, otherwise)."""
    spelt, body = split(data)
    head = json.loads(spelt)
    way = random.choice(list(find_ways(head)))
    place = head
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = alter_value(place[way[-1]], random)
    close = (",", ":") if random.randrange(8) else (", ", ":")
    written = json.dumps(head, sort_keys=True, separators=close, ensure_ascii=not random.randrange(8)).encode()
    return FORMAT + len(written).to_bytes(4, "big") + written + body


def find_ways(value: Any, way: tuple[Any, ...] = ()) -> Any:
    if way:
        yield way
    for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from find_ways(value[step], (*way, step))


def alter_value(value: Any, random: Random) -> Any:
    match value:
        case str() if value and random.randrange(8):
            return alter_text(value, random)
        case bool() | None:
            return random.choice(ODD)
        case int() if random.randrange(4):
            return random.choice((value + 1, value - 1, -value, float(value), str(value), value + 65536))
        case list() if value and random.randrange(4):
            kept = [one for one in value if random.randrange(4)]
            return random.choice((kept, value[::-1], [*value, value[0]], [*value, random.choice(ODD)]))
        case dict() if value and random.randrange(4):
            gone = random.choice(sorted(value))
            return {name: one for name, one in value.items() if name != gone or random.randrange(2)} | {"x": 1}
        case _:
            return random.choice(ODD)


def alter_text(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    lines = text.split("\n")
    match random.randrange(6):
        case 0:
            return text[:at] + random.choice("AZaz09-_+/=.~\n \u2014é\r\t") + text[at + 1 :]
        case 1:
            return text[:at] + text[at + random.choice((1, 2, 4)) :]
        case 2:
            return text[:at] + random.choice(("A", "=", "\n", " ", "~", "\r\n", "\u00a0", "\u0663")) + text[at:]
        case 3:
            random.shuffle(lines)
            return "\n".join(lines)
        case 4:
            return "\n".join([*lines, random.choice(lines)])
        case _:
            return text + random.choice(("\n", " ", "~", "=", "A"))


def find_family(code: str) -> str:
    return code.partition(".")[0]


def mutate(count: int, seed: int) -> None:
    random = Random(seed)
    ways: tuple[Callable[[bytes, Random], bytes], ...] = (alter_bytes, alter_head, alter_head)
    refused = 0
    for number in range(count):
        base = random.choice(BASES)
        data = random.choice(ways)(base, random)
        first, second = ask_first(data), ask_second(data)
        assert bool(first.code) == bool(second.code), (seed, number, first, second)
        # Of two things wrong in one line of a note or policy, either may be named.
        assert first.code == second.code or find_family(first.code) == find_family(second.code) in {"note", "policy"}
        refused += bool(first.code)
        if not first.code and data != base:
            altered, whole = (json.loads(split(one)[0]) for one in (data, base))
            assert split(data)[1] == split(base)[1], (seed, number)
            assert {name for name in whole if altered[name] != whole[name]} <= {*LOOSE}, (seed, number)
    assert refused > count * 0.9


def test_excerpts_altered_at_random_get_the_same_verdict_from_both() -> None:
    mutate(1_500, seed=1)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(2, 12))
def test_many_excerpts_altered_at_random_get_the_same_verdict_from_both(seed: int) -> None:
    mutate(10_000, seed)
