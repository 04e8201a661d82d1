"""What a confined program may not ask the kernel for, as a seccomp filter.

Memory that stands in no process and no folder is counted by nobody who watches; the rest are large, seldom looked at,
and no reader of a file needs them: each hole in them would lead out. Whatever is asked is told that it is not there.
"""

import errno
import platform
import struct
from collections.abc import Sequence
from typing import Final

#: By machine: how the kernel calls it, and the numbers of the calls, in the order of NAMES.
_MACHINES: Final[dict[str, tuple[int, Sequence[int]]]] = {
    "x86_64": (
        0xC000003E,
        (319, 447, 29, 425, 321, 323, 298, 250, 248, 249, 101, 310, 311, 165, 272, 308, 304, 175, 313, 246, 320),
    ),
    "aarch64": (
        0xC00000B7,
        (279, 447, 194, 425, 280, 282, 241, 219, 217, 218, 117, 270, 271, 40, 97, 268, 265, 105, 273, 104, 294),
    ),
}
NAMES: Final = (
    *("memfd_create", "memfd_secret", "shmget", "io_uring_setup", "bpf", "userfaultfd", "perf_event_open"),
    *("keyctl", "add_key", "request_key", "ptrace", "process_vm_readv", "process_vm_writev", "mount", "unshare"),
    *("setns", "open_by_handle_at", "init_module", "finit_module", "kexec_load", "kexec_file_load"),
)
#: The other numbering of x86_64's calls begins here (x32); aarch64 has none so large.
_OTHER: Final = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.ENOSYS


def build_filter(machine: str | None = None) -> bytes:
    """Return the filter as bubblewrap takes it; nothing where the numbers of a machine's calls are not known here."""
    name, numbers = _MACHINES.get(machine or platform.machine(), (0, ()))
    if not numbers:
        return b""
    left = len(numbers)
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 0, left + 3, name), (_LOAD, 0, 0, _NUMBER_AT)]
    steps.append((_AT_LEAST, left + 1, 0, _OTHER))
    steps += [(_EQUAL, left - at, 0, number) for at, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("<HBBI", *one) for one in steps)
