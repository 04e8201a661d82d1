"""One piece of work on hostile files, in a process of its own: what goes wrong ends here and costs the server nothing.

python -m alteram.adapters.bundles.worker < asked > answer

Both are JSON. Who starts it confines and bounds it (`workers`).
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

#: The work there is: the module that does it, and its function.
WORK: Final = {
    "print": ("alteram.adapters.bundles.typesetting", "print_sheets"),
    "assemble": ("alteram.adapters.bundles.assembling", "assemble"),
    "render": ("alteram.adapters.bundles.rendering", "render"),
    "black out": ("alteram.adapters.bundles.blackening", "black_out"),
    "bind": ("alteram.adapters.bundles.binding", "bind"),
    "count pages": ("alteram.adapters.bundles.page_binding", "count_pages"),
    "bind pages": ("alteram.adapters.bundles.page_binding", "bind_pages"),
    "check shape": ("alteram.adapters.bundles.shape", "check_shape"),
    "check picture": ("alteram.adapters.bundles.shape", "check_picture"),
    "pull pictures": ("alteram.adapters.bundles.pulling", "pull_pictures"),
    "read packed": ("alteram.adapters.bundles.packed_texts", "read_packed"),
    "prepare marks": ("alteram.adapters.bundles.marking", "prepare_marks"),
    "carried": ("alteram.adapters.bundles.carrying", "tell_carried"),
    "read texts": ("alteram.adapters.bundles.texts", "read_texts"),
}


def main() -> None:
    """Read what is asked, do it, answer."""
    asked = json.loads(sys.stdin.buffer.read())
    module, name = WORK[asked["work"]]
    do: Callable[[Any], dict[str, Any]] = getattr(import_module(module), name)
    sys.stdout.write(json.dumps(do(asked["job"])))


if __name__ == "__main__":
    main()
