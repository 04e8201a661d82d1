"""Lodge exhibits, at once and in parts, and print each acknowledgement, until somebody ends it or the work is done.

    python -m tests.faults.exhibit_writer FOLDER NAME COUNT [BLOCK]

The fault tests run it as a child, kill it, or let its system calls fail. BLOCK is how many bytes a block of a file has
that is written past the cache; without it, no file here is large enough for one. Each line is written at once:
    ready                  everything is open
    lodged EXHIBIT         this exhibit was acknowledged, with its file
    part UPLOAD OFFSET     so much of this upload was acknowledged
    dropping UPLOAD        this upload is about to be deleted
    refused CODE           the rules refused what they must not
    error TYPE             something failed; the folder is opened again and the work goes on
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from alteram.adapters.files import direct
from alteram.bootstrap import Opened, open_folder
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.outcomes import Refused
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.incoming import ReceivedFile, receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.uploads import (
    add_to_upload,
    begin_upload,
    drop_upload,
    list_uploads,
    receive_upload,
)
from alteram.operations.organisation import Organisation
from tests.evidence import build_plain_tools
from tests.worlds import COMPLAINANT, M1

_PAGE: Final = 60_000
_BLOCK: Final = 30_000
_PART: Final = 70_000
_MOST_ERRORS: Final = 40


def content_of(name: str) -> bytes:
    """Return what the file of an exhibit holds: three pages, more than two pieces of 64 KiB."""
    return b"\f".join(f"{name}, page {number} ".encode().ljust(_PAGE, b".") for number in range(3))


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _lodge_at_once(organisation: Organisation, name: str) -> None:
    content = content_of(name)
    blocks = (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
    _lodge(organisation, name, receive(organisation, M1, blocks))


def _lodge_in_parts(organisation: Organisation, name: str) -> None:
    """Go on with the upload that is there, whatever it is called, as a client does; else begin one."""
    entered: Entered = enter(organisation, M1, COMPLAINANT)
    upload = next(iter(list_uploads(entered)), None) or begin_upload(entered, name, len(content_of(name)))
    content = content_of(upload.file_name)
    while not upload.is_whole:
        part = content[upload.offset : upload.offset + _PART]
        upload = add_to_upload(entered, upload.name, upload.offset, (part[:_BLOCK], part[_BLOCK:]))
        _say(f"part {upload.name} {upload.offset}")
    _lodge(organisation, upload.file_name, receive_upload(entered, upload.name))
    _say(f"dropping {upload.name}")
    drop_upload(entered, upload.name)


def _lodge(organisation: Organisation, name: str, received: ReceivedFile) -> None:
    prepared = prepare(organisation, M1, received, build_plain_tools(), kind="document", file_name=f"{name}.txt")
    act = ExhibitLodged(exhibit=name, kind="document", obtained="given")
    done = lodge_exhibit(organisation, M1, act, COMPLAINANT, prepared)
    if not isinstance(done.ruling, Refused):
        _say(f"lodged {name}")
    elif done.ruling.code != "name.taken":  # it was recorded the time before, and nobody was told
        _say(f"refused {done.ruling.code}")


def main() -> int:
    """Do what the arguments say; return 1 when too much failed."""
    folder, prefix, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if len(sys.argv) > 4:
        setattr(direct, "_BLOCK", int(sys.argv[4]))  # noqa: B010 - mypy holds a constant to be one
    opened: Opened | None = open_folder(folder)
    _say("ready")
    errors = number = 0
    while number < count and errors < _MOST_ERRORS:
        try:
            opened = opened or open_folder(folder)
            lodge = _lodge_in_parts if number % 2 else _lodge_at_once
            lodge(opened.organisation, f"{prefix}-{number}")
            number += 1
        except Exception as error:  # noqa: BLE001 - whatever failed, the program must go on and lose nothing
            errors += 1
            with suppress(OSError):
                _say(f"error {type(error).__name__}")
            failed, opened = opened, None
            with suppress(Exception):  # it may be what failed
                if failed is not None:
                    failed.close()
    return 1 if errors == _MOST_ERRORS else 0


if __name__ == "__main__":
    sys.exit(main())
