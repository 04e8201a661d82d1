"""`alteram rebuild`: drop the read tables, build them again from the record, and compare."""

from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.working import HOME, Home, at_work
from alteram.operations.read_tables import rebuild


def run_rebuild(home: Home = HOME, as_json: AsJson = False) -> None:
    """Build what lists show again from the record, and say whether it was the same before.

    Example: alteram rebuild
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        rebuilt = rebuild(opened.organisation)
    value = {"matters": rebuilt.matters, "parties": rebuilt.parties, "differing": rebuilt.differing}
    line = f"{rebuilt.matters} matters, {rebuilt.parties} parts, {rebuilt.differing} rows differed."
    show(dict(value), [line], as_json=as_json)
    if rebuilt.differing:
        stop(NO)
