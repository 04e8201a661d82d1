"""My matters at any size: the first page among a hundred matters and among a hundred thousand.

For a case manager who has a part in every one of them, and for the custodian, on whose office half of them wait. Both
have looked before: the folds of what a page shows are at hand, and what is measured is finding it.
"""

from alteram.adapters.db.sqlite import connect
from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.lists import find_my_matters
from benchmarks.figures import Row, Work, row, time_in_turn
from benchmarks.scenes import CUSTODIAN, MANAGER, begin, organisation

FEW, MANY = 100, 100_000
ROUNDS = 100
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
            few, many = time_in_turn(ROUNDS, looking(small, person), looking(large, person))
            rows += [
                row(f"my matters of the {name}, 100,000 / 100: CPU", many.cpu / few.cpu, "x", 1.2),
                row("  (wall)", many.wall / few.wall, "x"),
                row("  (a page among 100,000: wall)", many.wall * 1e3, "ms"),
            ]
        return rows


def looking(opened: Opened, person: PersonId) -> Work:
    def look() -> None:
        assert len(find_my_matters(opened.organisation, person).matters) == 25

    look()
    return look


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
