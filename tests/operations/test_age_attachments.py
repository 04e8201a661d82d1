"""Files of entries in both formats side by side: each is read as what it is, and an altered one is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.core.vault import AgeSealer, VaultError, derive_recipient
from alteram.operations.attachments import FoundAttachment, begin_attachment, find_attachments, open_attachment
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.recording import SealedAttachment
from tests.operations.test_attachments import ANONYMOUS, CONTENT, REPORTER
from tests.worlds import found_small_body, open_world

M9 = StreamId("m9")


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    with open_world("sqlite", tmp_path) as world:
        opened = world.open()
        found_small_body(opened)
        yield opened


def take_as_age(organisation: Organisation, *, altered: bool = False) -> SealedAttachment:
    entropy, writer = organisation.ports.entropy, organisation.ports.attachments.begin(M9)
    key = entropy(32)
    sealer = AgeSealer([derive_recipient(key)], entropy)
    sealed = bytearray(sealer.seal(CONTENT) + sealer.finish())
    sealed[-1] ^= altered
    writer.write(bytes(sealed))
    return SealedAttachment(writer.finish(), key)


def take_as_before(organisation: Organisation) -> SealedAttachment:
    incoming = begin_attachment(organisation, M9, "photo.jpg")
    incoming.write(CONTENT)
    return incoming.finish()


def read(organisation: Organisation, number: int) -> bytes:
    return b"".join(open_attachment(organisation, M9, 0, number, REPORTER).content)


def test_files_of_both_formats_are_read_beside_one_another(organisation: Organisation) -> None:
    both = take_as_age(organisation), take_as_before(organisation)
    assert perform(organisation, M9, ANONYMOUS, REPORTER, attachments=both)
    assert find_attachments(organisation, M9, 0, REPORTER) == (
        FoundAttachment(0, "file", len(CONTENT)),
        FoundAttachment(1, "photo.jpg", len(CONTENT)),
    )
    assert read(organisation, 0) == read(organisation, 1) == CONTENT


def test_age_file_that_was_altered_is_refused_at_the_piece_where_it_was(organisation: Organisation) -> None:
    assert perform(organisation, M9, ANONYMOUS, REPORTER, attachments=(take_as_age(organisation, altered=True),))
    with pytest.raises(VaultError) as caught:
        read(organisation, 0)
    assert caught.value.code == "age.payload"
