import hashlib
import hmac
import json
import math
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.core.disclosure.accusing import (
    CHANCE,
    FEWEST_READINGS,
    CannotTell,
    Chances,
    Found,
    Reading,
    Score,
    accuse,
    choose,
    positions_needed,
)
from alteram.core.disclosure.codes import (
    BIASES,
    MAX_PAGE,
    SHARES,
    SLOTS,
    derive_biases,
    derive_pattern,
    derive_seed,
    derive_symbols,
)
from alteram.core.disclosure.errors import MarkError

SEED = bytes(range(32))
COPIES = tuple(b"copy-%d" % number for number in range(50))
CERTAIN = 97


def read(copy: bytes, slots: int, *, wrong: float = 0.0, page: int = 1, seed: bytes = SEED) -> list[Reading]:
    """Read a copy's symbols, some of them wrongly."""
    chance = Random(slots)
    symbols = derive_symbols(seed, copy, page, slots)
    return [
        Reading(page, slot, CERTAIN if symbol ^ (chance.random() < wrong) else 100 - CERTAIN)
        for slot, symbol in enumerate(symbols)
    ]


def names(verdict: Found | CannotTell) -> set[bytes]:
    return {one.copy for one in verdict.named} if isinstance(verdict, Found) else set()


def test_a_symbol_is_derived_as_specified() -> None:
    page, slot = 3, 21
    place = page * 4096 + slot

    def draw(key: bytes) -> int:
        block = hmac.new(key, (place // 16).to_bytes(8, "big"), hashlib.sha256).digest()
        return int.from_bytes(block[2 * (place % 16) :][:2], "big")

    drawn = draw(hmac.new(SEED, b"alteram/mark/bias/v1", hashlib.sha256).digest())
    bias = 0 if drawn < 21759 else 1 if drawn < 21759 + 22018 else 2
    symbol = draw(hmac.new(SEED, b"alteram/mark/copy/v1\0copy-7", hashlib.sha256).digest()) < (7386, 32768, 58150)[bias]
    assert derive_biases(SEED, page, slot + 1)[slot] == bias
    assert derive_symbols(SEED, b"copy-7", page, slot + 1)[slot] == symbol


def test_a_seed_is_derived_as_specified() -> None:
    extracted = hmac.new(bytes(32), SEED, hashlib.sha256).digest()
    expanded = hmac.new(extracted, b"alteram/mark-seed/v1\x01", hashlib.sha256).digest()
    assert derive_seed(SEED) == expanded


def test_biases_are_the_zeros_of_the_third_legendre_polynomial_and_their_shares_those_of_its_quadrature() -> None:
    zeros = [(1 - math.sqrt(3 / 5)) / 2, 0.5, (1 + math.sqrt(3 / 5)) / 2]
    weighed = [weight / math.sqrt(zero * (1 - zero)) for weight, zero in zip((5, 8, 5), zeros, strict=True)]
    assert [round(zero * 65536) for zero in zeros] == list(BIASES)
    assert [round(one / sum(weighed) * 65536) for one in weighed] == list(SHARES)
    assert sum(SHARES) == 65536


def test_a_page_read_in_part_has_the_symbols_of_the_whole() -> None:
    whole = derive_symbols(SEED, b"copy", 9, SLOTS)
    assert derive_symbols(SEED, b"copy", 9, 100, first=2048) == whole[2048:2148]
    assert derive_pattern(SEED, 9, 300)[:32] == derive_pattern(SEED, 9, 256)
    assert derive_pattern(SEED, 9, 256) != derive_pattern(SEED, 10, 256)


@pytest.mark.parametrize(
    ("seed", "copy", "page", "slots", "first"),
    [
        (bytes(31), b"copy", 1, 1, 0),
        (bytes(33), b"copy", 1, 1, 0),
        (SEED, b"", 1, 1, 0),
        (SEED, bytes(256), 1, 1, 0),
        (SEED, b"copy", 0, 1, 0),
        (SEED, b"copy", MAX_PAGE + 1, 1, 0),
        (SEED, b"copy", 1, SLOTS + 1, 0),
        (SEED, b"copy", 1, SLOTS, 16),
        (SEED, b"copy", 1, 1, 8),
    ],
)
def test_what_lies_beyond_a_limit_is_refused(seed: bytes, copy: bytes, page: int, slots: int, first: int) -> None:
    with pytest.raises(MarkError):
        derive_symbols(seed, copy, page, slots, first=first)


def test_what_lies_within_every_limit_is_derived() -> None:
    assert len(derive_symbols(SEED, bytes(255), MAX_PAGE, SLOTS)) == SLOTS
    assert len(derive_symbols(SEED, b"c", 1, SLOTS - 16, first=16)) == SLOTS - 16
    assert derive_symbols(SEED, b"c", 1, 0) == b""


def test_a_copy_read_well_is_named_and_no_other() -> None:
    verdict = accuse(SEED, COPIES, read(b"copy-7", 200, wrong=0.05))
    assert isinstance(verdict, Found)
    assert names(verdict) == {b"copy-7"}
    assert verdict.named[0].chance < CHANCE


def test_a_copy_is_named_on_more_symbols_and_not_on_fewer() -> None:
    enough = next(slots for slots in range(8, 200) if names(accuse(SEED, COPIES, read(b"copy-7", slots))))
    assert 25 < enough < positions_needed(1, len(COPIES))
    assert accuse(SEED, COPIES, read(b"copy-7", 25)) == CannotTell("too-weak", 25, CHANCE)


def test_too_few_symbols_are_not_weighed_at_all() -> None:
    assert accuse(SEED, COPIES, read(b"copy-7", FEWEST_READINGS - 1)) == CannotTell("no-symbols", 7, CHANCE)
    assert accuse(SEED, COPIES, read(b"copy-7", FEWEST_READINGS)) == CannotTell("too-weak", 8, CHANCE)
    assert accuse(SEED, (), read(b"copy-7", 200)) == CannotTell("no-symbols", 200, CHANCE)


def test_a_copy_of_another_bundle_names_none_of_this_one() -> None:
    assert accuse(SEED, COPIES, read(b"copy-7", 400, seed=bytes(32))) == CannotTell("too-weak", 400, CHANCE)


def test_a_copy_that_is_not_listed_names_no_other() -> None:
    assert names(accuse(SEED, COPIES, read(b"copy-99", 400))) == set()


def test_readings_that_say_nothing_do_not_count() -> None:
    silent = [Reading(2, slot, 50) for slot in range(100)]
    assert accuse(SEED, COPIES, [*read(b"copy-7", 100), *silent]) == accuse(SEED, COPIES, read(b"copy-7", 100))


@pytest.mark.parametrize("colluders", [2, 3, 4, 5])
def test_colluders_who_choose_at_every_place_are_found_on_twice_the_symbols_that_half_of_them_need(
    colluders: int,
) -> None:
    chance = Random(colluders)
    those = COPIES[:colluders]
    slots = 400
    pages = -(-2 * positions_needed(colluders, len(COPIES)) // slots)
    carried = {(copy, page): derive_symbols(SEED, copy, page, slots) for copy in those for page in range(1, pages + 1)}
    mixed = [
        Reading(page, slot, CERTAIN if carried[chance.choice(those), page][slot] else 100 - CERTAIN)
        for page in range(1, pages + 1)
        for slot in range(slots)
    ]
    assert names(accuse(SEED, COPIES, mixed)) == set(those)


def test_more_than_six_colluders_are_not_promised() -> None:
    assert positions_needed(6, 100) == 2409
    for beyond in (0, 7):
        with pytest.raises(MarkError):
            positions_needed(beyond, 100)


@pytest.mark.parametrize("readings", [[Reading(1, 0, 90)] * 2, [Reading(1, 0, 0)], [Reading(1, 0, 100)]])
def test_a_malformed_reading_is_refused(readings: list[Reading]) -> None:
    with pytest.raises(MarkError):
        choose(readings)


@pytest.mark.parametrize("slot", [-1, SLOTS])
def test_a_slot_that_no_page_has_is_refused(slot: int) -> None:
    with pytest.raises(MarkError):
        choose([Reading(1, slot, 90)])


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_chance_that_is_none_is_refused(chance: float) -> None:
    with pytest.raises(MarkError):
        accuse(SEED, COPIES, [], chance=chance)


def test_a_copy_listed_twice_is_refused() -> None:
    with pytest.raises(MarkError):
        accuse(SEED, [b"a", b"a"], [])


percents = st.integers(1, 99).filter(lambda one: one != 50)
seen = st.lists(st.tuples(st.integers(0, 2), percents), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(classes=seen, several=st.booleans())
def test_the_bound_is_never_below_the_chance_itself(classes: list[tuple[int, int]], several: bool) -> None:
    """Count every codeword an innocent copy may have, with its chance, and compare."""
    counts = {one: classes.count(one) for one in classes}
    chances = Chances(counts, "several" if several else "one")
    outcomes: list[tuple[float, Fraction]] = []
    for word in range(2 ** len(classes)):
        tally: dict[tuple[tuple[int, int], int], int] = {}
        likely = Fraction(1)
        for place, one in enumerate(classes):
            symbol = word >> place & 1
            tally[one, symbol] = tally.get((one, symbol), 0) + 1
            likely *= Fraction(BIASES[one[0]] if symbol else 65536 - BIASES[one[0]], 65536)
        outcomes.append((chances.total(tally), likely))
    for total, _ in outcomes[:: max(1, len(outcomes) // 16)]:
        tail = sum(likely for other, likely in outcomes if other >= total - 1e-9)
        assert chances.bound(total) >= float(tail) * (1 - 1e-6) - 1e-12


def test_a_threshold_is_where_its_bound_is_the_chance_asked_for() -> None:
    chances = Chances({(0, 90): 50, (1, 80): 50, (2, 20): 50}, "several")
    threshold = chances.threshold(1e-6)
    assert chances.bound(threshold) == pytest.approx(1e-6, rel=1e-3)
    assert chances.bound(threshold * 0.99) > 1e-6
    assert Chances({(1, 60): 3}, "several").threshold(1e-6) == math.inf


@pytest.mark.parametrize("kind", ["one", "several"])
@pytest.mark.parametrize("percents", [(97, 97, 97), (70, 20, 60), (30, 95, 10)])
def test_the_bound_is_no_more_than_thirty_times_the_chance_itself(kind: Score, percents: tuple[int, int, int]) -> None:
    """Sixty symbols: the whole distribution of an innocent copy's score, symbol by symbol, against Chernoff's bound."""
    many, tallies = 20, range(21)
    classes = [(bias, percent) for bias, percent in enumerate(percents)]
    chances = Chances(dict.fromkeys(classes, many), kind)
    likely = [
        [
            math.comb(many, ones) * (BIASES[bias] / 65536) ** ones * (1 - BIASES[bias] / 65536) ** (many - ones)
            for ones in tallies
        ]
        for bias in range(3)
    ]
    scores = sorted(
        (
            math.fsum(
                ones * chances.gain(one, 1) + (many - ones) * chances.gain(one, 0)
                for ones, one in zip(tally, classes, strict=True)
            ),
            math.prod(likely[bias][ones] for bias, ones in enumerate(tally)),
        )
        for tally in product(tallies, repeat=3)
    )
    for asked in (1e-2, 1e-4, 1e-6, 1e-8):
        threshold = chances.threshold(asked)
        exact = math.fsum(share for score, share in scores if score >= threshold)
        assert asked / 30 <= exact <= asked


def test_of_2000_documents_at_one_in_a_hundred_no_more_than_twenty_name_a_copy() -> None:
    chance = Random(5)
    readings = [Reading(1, slot, chance.choice((3, 20, 40, 60, 80, 97))) for slot in range(60)]
    wrong = sum(
        isinstance(accuse(hashlib.sha256(b"%d" % number).digest(), COPIES[:4], readings, chance=0.01), Found)
        for number in range(2000)
    )
    assert wrong <= 20


def test_the_vectors_come_out_for_ever() -> None:
    told = json.loads(Path("testdata/marks/code.json").read_text())
    seed = bytes.fromhex(told["seed"])
    where = (told["page"], told["slots"])
    assert "".join(map(str, derive_biases(seed, *where, first=told["first"]))) == told["biases"]
    for copy, symbols in told["symbols"].items():
        assert "".join(map(str, derive_symbols(seed, copy.encode(), *where, first=told["first"]))) == symbols
    assert derive_pattern(seed, told["page"], 512).hex() == told["pattern"]
    verdict = accuse(seed, [copy.encode() for copy in told["symbols"]], [Reading(*one) for one in told["readings"]])
    assert isinstance(verdict, Found)
    assert [(one.copy.decode(), one.score) for one in verdict.named] == [
        (told["verdict"]["copy"], told["verdict"]["score"])
    ]
    assert verdict.named[0].chance == pytest.approx(told["verdict"]["chance"], rel=1e-6)
