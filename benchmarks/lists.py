"""My matters, a desk and a person's page at any size: the first page among a hundred matters and a hundred thousand.

For a case manager who has a part in every one of them, and for the custodian, on whose office half of them wait. Both
have looked before: the folds of what a page shows are at hand, and what is measured is finding it.
"""

from collections.abc import Callable

from alteram.adapters.db.sqlite import connect
from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.desks import find_desks
from alteram.operations.lists import find_my_matters
from alteram.operations.organisation import Organisation
from alteram.operations.personal import find_person
from benchmarks.figures import Row, Work, row, time_in_turn
from benchmarks.scenes import CUSTODIAN, MANAGER, NOW, begin, organisation

FEW, MANY = 100, 100_000
ROUNDS, PAGE = 100, 25
#: Matters with entries: what a first page can show. The others are rows of lists, and are due later.
WHOLE = 60
_COLUMNS = {
    "matter": "procedure_id, stage, opened_at, last_at, last_seq, closed_at, next_due_at, next_owner",
    "party": "person, role, since_seq, until_seq",
}


def measure() -> list[Row]:
    with organisation() as small, organisation() as large:
        for opened, matters in ((small, FEW), (large, MANY)):
            swell(opened, matters)
        rows = []
        for name, person in (("case manager of all", MANAGER), ("custodian", CUSTODIAN)):
            for what, look in (("my matters", look_at_matters), ("the desk", look_at_desk), ("the page", look_at_page)):
                few, many = time_in_turn(ROUNDS, looking(look, small, person), looking(look, large, person))
                rows += [
                    row(f"{what} of the {name}, 100,000 / 100: CPU", many.cpu / few.cpu, "x", 1.2),
                    row("  (wall)", many.wall / few.wall, "x"),
                    row("  (a page among 100,000: wall)", many.wall * 1e3, "ms"),
                ]
        return rows


def look_at_matters(organisation: Organisation, person: PersonId) -> None:
    assert len(find_my_matters(organisation, person).matters) == PAGE


def look_at_desk(organisation: Organisation, person: PersonId) -> None:
    assert find_desks(organisation, person, now=NOW, limit=PAGE).matters == PAGE


def look_at_page(organisation: Organisation, person: PersonId) -> None:
    assert find_person(organisation, person, person, now=NOW, limit=PAGE).looked in {0, PAGE}


def looking(look: Callable[[Organisation, PersonId], None], opened: Opened, person: PersonId) -> Work:
    def work() -> None:
        look(opened.organisation, person)

    work()
    return work


def swell(opened: Opened, matters: int) -> None:
    """Let there be so many matters, every second of them waiting on the custodian."""
    for number in range(WHOLE):
        begin(opened, f"a{number:03d}")
    connection = connect(opened.folder / "record.db")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    for table, columns in _COLUMNS.items():
        later = columns.replace("next_due_at", "'2090-01-01T00:00:00Z'")
        connection.execute(
            f"INSERT INTO {table} (org, stream, {columns}) {numbers}"  # noqa: S608 - fixed names
            f" SELECT org, 'b' || i, {later} FROM {table}, n WHERE org = 'bench' AND stream = 'a000'",
            (matters - WHOLE,),
        )
    connection.execute(
        "UPDATE matter SET next_owner = 'custodian' WHERE substr(stream, -1) IN ('1', '3', '5', '7', '9')"
    )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert connection.execute("SELECT COUNT(*) FROM matter").fetchone()[0] == matters
    connection.close()
