"""Prints one letter, in a process of its own: what a template does wrong ends here and costs the server nothing.

python -m alteram.adapters.letters.worker < job > answer

The job and the head of the answer are JSON; after the head, ended by a line feed, come the pages or the PDF.
Bounds: seconds of computing, memory, and no file may be written. A template reads only what stands in its own folder
(typst sees to that); a package it asks for cannot be fetched, because every request goes to a port where nobody is.
"""

import json
import os
import resource
import sys
from typing import Any, Final

#: Computing time, in seconds, and address space, in bytes.
SECONDS: Final = 20
MEMORY: Final = 3 << 30
#: Port 1 of this machine: nobody listens there, so whatever is asked for over it fails at once.
_NOWHERE: Final = "http://127.0.0.1:1"
#: What makes the PDF one that a screen reader can read (ISO 14289-1).
STANDARD: Final = "ua-1"


def main() -> None:
    """Read the job, print it, answer."""
    job = json.loads(sys.stdin.buffer.read())
    _bound()
    # Imported here: the bounds hold already while it is loaded.
    import typst  # noqa: PLC0415 - as said above

    try:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"])
        compiler = typst.Compiler(
            f"{job['root']}/{job['main']}",
            root=job["root"],
            font_paths=fonts,
            sys_inputs={"data": job["data"]},
        )
        printed = compiler.compile(
            format=job["format"],
            ppi=job["ppi"],
            pdf_standards=[STANDARD] if job["format"] == "pdf" else [],
            timestamp=job["timestamp"],
        )
    except typst.TypstError as error:
        _answer({"error": error.message, "diagnostic": error.diagnostic}, ())
        return
    parts = (printed,) if isinstance(printed, bytes) else tuple(printed or ())
    _answer({"sizes": [len(part) for part in parts]}, parts)


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ[name] = os.environ[name.upper()] = _NOWHERE
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)


def _answer(head: dict[str, Any], parts: tuple[bytes, ...]) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
