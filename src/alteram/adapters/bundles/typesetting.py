"""In a worker: prints the pages that a bundle has of its own, with typst, as PDF/A-2b."""

import json
import os
from typing import Any, Final

import typst

#: What makes it an archival PDF (ISO 19005-2, level B). Without it (`None`) characters may be missing.
STANDARD: Final = "a-2b"


def print_sheets(job: dict[str, Any]) -> dict[str, Any]:
    """Print the template `main` of the folder `root` with `data` into the open file `out`; pictures where asked."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"])
    compiler = typst.Compiler(
        f"{job['root']}/{job['main']}",
        root=job["root"],
        font_paths=fonts,
        sys_inputs={"data": json.dumps(job["data"], ensure_ascii=False)},
    )
    pictures = job.get("ppi")
    try:
        printed = compiler.compile(
            format="png" if pictures else "pdf",
            ppi=pictures,
            pdf_standards=[] if pictures else [STANDARD],
            timestamp=job["timestamp"],
        )
    except typst.TypstError as error:
        return {"failed": error.message, "diagnostic": error.diagnostic}
    parts = [printed] if isinstance(printed, bytes) else list(printed or ())
    with os.fdopen(job["out"], "wb", closefd=False) as file:
        for part in parts:
            file.write(part)
    return {"sizes": [len(part) for part in parts]}
