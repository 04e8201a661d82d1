"""The zip of a bundle and what lies beside it: the planned files and no others, under safe names."""

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.bundles.packing import MAX_NAME, make_safe, pack
from alteram.adapters.bundles.workers import BundleError
from alteram.core.disclosure.bundles import Beside, Plan, build_plan


def beside(data: bytes, name: str = "call.m4a", label: str = "E1") -> Beside:
    return Beside("x", label, "The call", name, len(data), hashlib.sha256(data).hexdigest(), "recording")


def files(*given: bytes) -> dict[str, list[bytes]]:
    return {hashlib.sha256(data).hexdigest(): [data[:3], data[3:]] for data in given}


def pack_into(plan: Plan, given: dict[str, list[bytes]]) -> bytes:
    return b"".join(pack(plan, [b"%PDF"], given))


def test_the_bundle_its_files_and_their_digests_are_in_the_zip() -> None:
    data = b"sound" * 1000
    plan = build_plan([], beside=[beside(data)])
    with zipfile.ZipFile(io.BytesIO(pack_into(plan, files(data)))) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["bundle.pdf", "beside/001-E1-call.m4a", "SHA256SUMS"]
        assert packed.read("beside/001-E1-call.m4a") == data
        sums = [line.split("  ") for line in packed.read("SHA256SUMS").decode().splitlines()]
        assert all(hashlib.sha256(packed.read(name)).hexdigest() == digest for digest, name in sums)
        assert [name for _, name in sums] == packed.namelist()[:-1]


def test_the_same_files_are_the_same_bytes() -> None:
    plan = build_plan([], beside=[beside(b"sound")])
    assert pack_into(plan, files(b"sound")) == pack_into(plan, files(b"sound"))


def test_two_files_of_one_name_stand_beside_one_another() -> None:
    plan = build_plan([], beside=[beside(b"one"), beside(b"two")])
    with zipfile.ZipFile(io.BytesIO(pack_into(plan, files(b"one", b"two")))) as packed:
        assert len(set(packed.namelist())) == 4


def test_a_file_that_is_missing_or_not_the_planned_one_is_refused() -> None:
    plan = build_plan([], beside=[beside(b"sound")])
    with pytest.raises(BundleError, match="missing"):
        pack_into(plan, {})
    with pytest.raises(BundleError, match="not the one"):
        pack_into(plan, {plan.beside[0].digest: [b"other"]})


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\a b.pdf", "a_b.pdf"),
        ("Protokoll über Größe.pdf", "Protokoll_uber_Groe.pdf"),
        ("-rf.txt", "rf.txt"),
        (".htaccess", "htaccess"),
        ("CON.txt", "file.txt"),
        ("", "file"),
        ("протокол.pdf", "pdf"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("x" * 200 + ".flac", "x" * (MAX_NAME - 12) + ".flac"),
    ],
)
def test_what_is_safe_of_a_name_stays(name: str, safe: str) -> None:
    assert make_safe(name) == safe


@given(st.text(max_size=300))
def test_no_name_leads_anywhere_or_is_too_long(name: str) -> None:
    safe = make_safe(name)
    assert 1 <= len(safe) <= MAX_NAME
    assert safe.isascii()
    assert not safe.startswith((".", "-"))
    assert not set(safe) & set('/\\:*?"<>| \n\x00')
