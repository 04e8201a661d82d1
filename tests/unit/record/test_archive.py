"""The container, strict: one spelling, closed names, bounds, nothing hidden anywhere."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest

from alteram.core.record import RecordError
from alteram.core.record.archive import MAX_MEMBER, MAX_MEMBERS, Archive, write_archive
from conformance.container import Container
from conformance.failure import Failure
from tests.exports import pack

MEMBERS = {"README.txt": b"Read me.\n", "checkpoint": b"head\n" * 40, "manifest.json": b"{}", "policy": b""}
GOOD = pack(MEMBERS)


def read_first(data: bytes) -> bytes:
    archive = Archive(BytesIO(data))
    return archive.read(archive.names[0])


def read_second(data: bytes) -> bytes:
    container = Container(data)
    return container.read(container.names[0])


def codes_of(data: bytes) -> tuple[str, str]:
    """Return the code of each reader; both must refuse."""
    with pytest.raises(RecordError) as first:
        read_first(data)
    with pytest.raises(Failure) as second:
        read_second(data)
    return first.value.code, second.value.code


def rezip(change: Callable[[zipfile.ZipInfo], object], names: tuple[str, ...] = ("checkpoint",)) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            change(info)
            archive.writestr(info, b"head\n" * 40)
    return target.getvalue()


def test_members_are_read_back_and_any_zip_tool_reads_them() -> None:
    archive = Archive(BytesIO(GOOD))
    assert {name: archive.read(name) for name in archive.names} == MEMBERS
    with zipfile.ZipFile(BytesIO(GOOD)) as other:
        assert other.testzip() is None
        assert {info.filename: other.read(info) for info in other.infolist()} == MEMBERS


def test_order_of_arguments_does_not_show() -> None:
    assert pack(dict(reversed(MEMBERS.items()))) == GOOD


def test_zip_that_another_tool_wrote_the_same_way_is_accepted() -> None:
    assert Archive(BytesIO(rezip(lambda info: None))).read("checkpoint") == b"head\n" * 40


@pytest.mark.parametrize(
    "name",
    [
        "../checkpoint",
        "/checkpoint",
        "streams/../checkpoint",
        "streams/m1/../../etc/passwd",
        "streams\\m1\\00000000.sd-jwt",
        "streams/M1/00000000.sd-jwt",
        "streams/m1/0000000.sd-jwt",
        "streams/m1/00000000.exe",
        "streams/-m1/00000000.sd-jwt",
        "streams/m1/",
        "rulebooks/00.json",
        "checkpoint\n",
        "checkpoint\x00.txt",
        "CHECKPOINT",
        "évil",
        "",
    ],
)
def test_name_off_the_list_is_neither_read_nor_written(name: str) -> None:
    with pytest.raises(RecordError) as caught:
        pack({name: b"x"})
    assert caught.value.code == "archive.name"
    if "\x00" not in name and "\\" not in name:
        assert codes_of(rezip(lambda info: setattr(info, "filename", name))) == ("archive.name", "archive.name")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda info: setattr(info, "date_time", (2026, 1, 1, 0, 0, 0)), "archive.attributes"),
        (lambda info: setattr(info, "comment", b"hidden"), "archive.attributes"),
        (lambda info: setattr(info, "extra", b"\xfe\xca\x00\x00"), "archive.attributes"),
        (lambda info: setattr(info, "external_attr", 0o120777 << 16), "archive.attributes"),
        (lambda info: setattr(info, "external_attr", 0o755 << 16), "archive.attributes"),
        (lambda info: setattr(info, "create_system", 0), "archive.attributes"),
        (lambda info: setattr(info, "internal_attr", 1), "archive.attributes"),
        (lambda info: setattr(info, "compress_type", zipfile.ZIP_BZIP2), "archive.attributes"),
    ],
)
def test_attribute_of_another_value_is_refused(change: Callable[[zipfile.ZipInfo], object], code: str) -> None:
    first, second = codes_of(rezip(change))
    assert first == code
    assert second.startswith("archive.")


def test_member_twice_or_out_of_order_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = rezip(lambda info: None, ("checkpoint", "checkpoint"))
    assert codes_of(twice) == ("archive.names", "archive.names")
    assert codes_of(rezip(lambda info: None, ("policy", "checkpoint"))) == ("archive.names", "archive.names")


def test_encrypted_member_is_refused() -> None:
    at = GOOD.index(b"PK\x01\x02") + 8
    bad = GOOD[:at] + b"\x01" + GOOD[at + 1 :]
    assert codes_of(bad) == ("archive.attributes", "archive.damaged")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"PK\x05\x06",
        GOOD[1:],
        GOOD[:-1],
        b"x" + GOOD,
        GOOD + b"\n",
        GOOD + GOOD,
        GOOD[:40] + b"x" + GOOD[40:],
        GOOD.replace(b"PK\x01\x02", b"xPK\x01\x02", 1),
        GOOD[: GOOD.index(b"PK\x01\x02")] + GOOD[GOOD.rindex(b"PK\x05\x06") :],
    ],
)
def test_bytes_before_between_or_after_the_members_are_refused(bad: bytes) -> None:
    assert all(code.startswith("archive.") for code in codes_of(bad))


def test_empty_container_holds_nothing() -> None:
    empty = pack({})
    assert Archive(BytesIO(empty)).names == ()
    assert Container(empty).names == []


def member_of(method: int, packed: bytes, size: int, crc: int) -> bytes:
    """Return a container of one member with a header that says what it likes."""
    head = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 0x21, crc, len(packed), size, 6, 0)
    local = b"PK\x03\x04" + head + b"policy" + packed
    central = (
        b"PK\x01\x02" + struct.pack("<H", 0x0314) + head + struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, 0) + b"policy"
    )
    return local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush()


def test_header_written_by_hand_is_accepted_when_it_is_right() -> None:
    data = b"quorum none\n" * 9
    for method, packed in ((8, deflate(data)), (0, data)):
        assert Archive(BytesIO(member_of(method, packed, len(data), zlib.crc32(data)))).read("policy") == data


@pytest.mark.parametrize("method", [1, 9, 12, 99])
def test_other_compression_is_refused(method: int) -> None:
    assert codes_of(member_of(method, b"x", 1, zlib.crc32(b"x"))) == ("archive.compression",) * 2


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    data = bytes(1 << 20)
    assert codes_of(member_of(8, deflate(data), len(data), zlib.crc32(data))) == ("archive.bomb",) * 2
    assert codes_of(member_of(8, b"x" * 60_000, MAX_MEMBER + 1, 0)) == ("archive.bomb",) * 2


def test_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytes(1 << 20)
    assert codes_of(member_of(8, deflate(data), 100, zlib.crc32(data[:100]))) == ("archive.damaged",) * 2


def test_ratio_of_200_is_accepted_and_one_byte_more_refused() -> None:
    packed = bytes(64)
    assert codes_of(member_of(8, packed, 200 * 64, 0)) == ("archive.damaged",) * 2
    assert codes_of(member_of(8, packed, 200 * 64 + 1, 0)) == ("archive.bomb",) * 2


@pytest.mark.parametrize("wrong", ["crc", "size", "short", "after", "garbage"])
def test_damaged_content_is_refused(wrong: str) -> None:
    data = b"quorum none\n" * 9
    packed, size, crc = deflate(data), len(data), zlib.crc32(data)
    bad = {
        "crc": (packed, size, crc ^ 1),
        "size": (packed, size + 1, crc),
        "short": (packed[:-1], size, crc),
        "after": (packed + b"x", size, crc),
        "garbage": (b"\xff" * len(packed), size, crc),
    }[wrong]
    assert codes_of(member_of(8, *bad)) == ("archive.damaged",) * 2


def test_what_deflates_too_well_is_stored_and_read_back() -> None:
    data = b"a" * (4 << 20)
    archive = Archive(BytesIO(pack({"policy": data})))
    assert archive.read("policy") == data
    assert Container(pack({"policy": data})).read("policy") == data


def test_member_over_the_limit_is_not_written() -> None:
    with pytest.raises(RecordError, match="too large"):
        pack({"policy": bytes(MAX_MEMBER + 1)})
    assert Archive(BytesIO(pack({"policy": bytes(MAX_MEMBER)}))).names == ("policy",)


def test_more_members_than_a_plain_zip_counts_are_not_written() -> None:
    with pytest.raises(RecordError, match="65534"):
        write_archive(BytesIO(), {f"statements/{one:08d}.leaf": b"" for one in range(MAX_MEMBERS + 1)})


def test_missing_member_is_named() -> None:
    with pytest.raises(RecordError, match="rulebooks") as caught:
        Archive(BytesIO(GOOD)).read("rulebooks/x")
    assert caught.value.code == "archive.missing"


def test_file_that_cannot_be_read_is_an_error_of_ours() -> None:
    class Broken(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError

    with pytest.raises(RecordError, match="cannot be read"):
        Archive(Broken(GOOD))


def test_file_that_shrinks_while_it_is_read_is_damaged() -> None:
    source = BytesIO(GOOD)
    archive = Archive(source)
    source.truncate(60)
    with pytest.raises(RecordError) as caught:
        archive.read("policy")
    assert caught.value.code == "archive.damaged"


def test_member_that_cannot_be_read_is_damaged() -> None:
    class Failing(BytesIO):
        broken = False

        def seek(self, offset: int, whence: int = 0, /) -> int:
            if self.broken:
                raise OSError
            return super().seek(offset, whence)

    source = Failing(GOOD)
    archive = Archive(source)
    source.broken = True
    with pytest.raises(RecordError) as caught:
        archive.read("policy")
    assert caught.value.code == "archive.damaged"


def end_of(count: int, length: int, offset: int) -> bytes:
    return struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, length, offset, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (end_of(0xFFFF, 0, 0), "archive.members"),
        (bytes(201) + end_of(1, 201, 0), "archive.zip"),
        (bytes(45) + end_of(1, 45, 0), "archive.zip"),
        (bytes(46) + end_of(1, 46, 0), "archive.name"),
        (bytes(46) + end_of(1, 46, 1), "archive.extra"),
        (bytes(46) + end_of(0, 0, 46), "archive.extra"),
        (GOOD[:-22] + end_of(3, *struct.unpack("<II", GOOD[-10:-2])), "archive.extra"),
        (GOOD[:-22] + end_of(5, *struct.unpack("<II", GOOD[-10:-2])), "archive.zip"),
    ],
)
def test_end_that_lies_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(RecordError) as caught:
        Archive(BytesIO(data))
    assert caught.value.code == code
    with pytest.raises(Failure):
        Container(data)


def test_member_that_starts_elsewhere_is_refused() -> None:
    at = GOOD.rindex(b"PK\x01\x02") + 42
    bad = GOOD[:at] + struct.pack("<I", 0) + GOOD[at + 4 :]
    with pytest.raises(RecordError, match="does not stand where it belongs"):
        Archive(BytesIO(bad))
    with pytest.raises(Failure):
        Container(bad)


def test_export_that_would_need_zip64_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alteram.core.record.archive._MAX_OFFSET", 100)
    with pytest.raises(RecordError, match="4 GiB"):
        pack(MEMBERS)
