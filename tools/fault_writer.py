"""Perform acts in an organisation's folder and print each acknowledgement, until somebody ends it or the work is done.

    python tools/fault_writer.py FOLDER --acts 40 [--shred-every 10] [--name writer]

The fault tests run it as a child, kill it, or let its system calls fail. Each line is written at once:
    ready                      everything is open
    entry SEQ LEAF-HASH        this entry was acknowledged
    shredding SEQ              the entry SEQ is about to be shredded
    shredded SEQ SEQ LEAF-HASH and was, by this entry
    receipt SEQ INDEX          the entry stands in the log here, by a signed and published checkpoint
    error TYPE                 something failed; the folder is opened again and the work goes on
"""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from alteram.bootstrap import Opened, open_folder
from alteram.core.acts import InterestDeclared, RecordShredded, SecondKeyGiven
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.perform import Performed, perform
from alteram.operations.receipts import find_receipt

_MATTER: Final = StreamId("m1")
_CUSTODIAN, _SECRETARY = PersonId("custodian"), PersonId("secretary")
#: An act in so many is followed by a run of the integrator.
_INTEGRATE_EVERY: Final = 4
_MOST_ERRORS: Final = 60


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


class _Writer:
    def __init__(self, folder: Path, name: str, shred_every: int) -> None:
        self._folder = folder
        self._name = name
        self._shred_every = shred_every
        self._opened: Opened | None = None
        self._told: list[int] = []

    def open(self) -> Opened:
        if self._opened is None:
            self._opened = open_folder(self._folder)
        return self._opened

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(Exception):  # it may be what failed
                opened.close()

    def step(self, number: int) -> None:
        done = self._perform(InterestDeclared(nature="none", text=f"{self._name} {number}"), _CUSTODIAN)
        if self._shred_every and number % self._shred_every == self._shred_every - 1 and done.seq is not None:
            self._shred(done.seq)
        if number % _INTEGRATE_EVERY == _INTEGRATE_EVERY - 1:
            self._integrate()

    def _perform(self, act: Act, actor: PersonId) -> Performed:
        done = perform(self.open().organisation, _MATTER, act, actor)
        if done.seq is not None and done.leaf_hash is not None and not isinstance(act, RecordShredded):
            _say(f"entry {done.seq} {done.leaf_hash.hex()}")
            self._told.append(done.seq)
        return done

    def _shred(self, seq: int) -> None:
        self._perform(SecondKeyGiven(to_act="record.shredded"), _SECRETARY)
        _say(f"shredding {seq}")
        act = RecordShredded(scope="entry", entry=seq, legal_basis="erasure", second=_SECRETARY)
        done = self._perform(act, _CUSTODIAN)
        if done.leaf_hash is not None:
            _say(f"shredded {seq} {done.seq} {done.leaf_hash.hex()}")

    def _integrate(self) -> None:
        opened = self.open()
        opened.integrator.run()
        for seq in self._told[-1:]:
            receipt = find_receipt(opened.organisation, _MATTER, seq)
            if receipt is not None:
                _say(f"receipt {seq} {receipt.index}")


def main() -> int:
    """Do what the arguments say; return 1 when too much failed."""
    parser = argparse.ArgumentParser(description="Perform acts and print each acknowledgement.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--acts", type=int, default=40)
    parser.add_argument("--shred-every", type=int, default=0)
    parser.add_argument("--name", default="writer")
    given = parser.parse_args()
    writer = _Writer(given.folder, given.name, given.shred_every)
    writer.open()
    _say("ready")
    errors = number = 0
    while number < given.acts and errors < _MOST_ERRORS:
        try:
            writer.step(number)
            number += 1
        except Exception as error:  # noqa: BLE001 - whatever failed, the program must go on and lose nothing
            errors += 1
            with suppress(OSError):
                _say(f"error {type(error).__name__} {error}".replace("\n", " "))
            writer.close()
    writer.close()
    return 1 if errors == _MOST_ERRORS else 0


if __name__ == "__main__":
    sys.exit(main())
