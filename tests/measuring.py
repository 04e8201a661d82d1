"""Which tests coverage is measured for: not for the dear ones, since measuring doubles what a test takes.

They are tests of the whole, or of many cases of one thing, and cover little that no other test covers. What is left out
makes the measure stricter, never laxer: a line that only they pass through is not covered.
"""

from fnmatch import fnmatch
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent
UNMEASURED: Final = (
    "cli/*",
    "faults/*",
    "house/*",
    "integration/converting/*",
    "integration/timestamps/*",
    "integration/witness/*",
    "property/matters/test_back_door.py",
    "rules/proving/test_faults.py",
    "rules/test_mutation.py",
    "web/*accessibility*",
    "web/*browser*",
    "web/*served*",
    "web/test_api_schema.py",
    "web/test_checking.py",
    "web/test_counting.py",
    "web/test_every_address.py",
    "web/test_fuzzed_forms.py",
    "web/test_journeys.py",
    "web/test_languages.py",
    "web/test_matter_mending.py",
    "web/test_passkeys.py",
    "web/test_past_matters.py",
    "web/test_protected_names.py",
    "web/test_slow_requests.py",
    "web/test_the_night_before.py",
)


def is_measured(path: Path) -> bool:
    """Return whether coverage is measured for the tests in a file."""
    if not path.is_relative_to(TESTS):
        return True
    name = path.relative_to(TESTS).as_posix()
    return not any(fnmatch(name, one) for one in UNMEASURED)
