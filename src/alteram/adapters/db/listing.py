"""The table behind "my matters": who has which matter to look at, each in the order in which pages show them.

A row says that a person has a part in a matter that has not ended, or (as `role/NAME`) that the next step of an open
matter is that of a role. Triggers keep it, so that no act sends a statement more, and whoever writes the tables that it
comes from keeps it too. A page is one range of an index, however many matters there are. Disposable, as those are.
"""

from typing import Final

#: How a matter without a due time sorts: after every one that has one.
NEVER: Final = "~"
_INSERT = "INSERT INTO listing (org, stream, holder, standing, at)"
_AT = f"COALESCE(m.closed_at, m.next_due_at, '{NEVER}')"
#: What a person has, and what waits on a role, each to be narrowed by what is added to it.
_BY_PART = (
    f"{_INSERT} SELECT m.org, m.stream, p.person, CASE WHEN m.closed_at IS NOT NULL THEN 'closed'"  # noqa: S608 - constants only
    f" WHEN MAX(CASE WHEN p.role = m.next_owner THEN 1 ELSE 0 END) = 1 THEN 'waits' ELSE 'open' END, {_AT}"
    " FROM matter m JOIN party p ON p.org = m.org AND p.stream = m.stream AND p.until_seq IS NULL"
)
_GROUPED = " GROUP BY m.org, m.stream, p.person, m.closed_at, m.next_due_at, m.next_owner"
_BY_ROLE = (
    f"{_INSERT} SELECT m.org, m.stream, 'role/' || m.next_owner, 'waits', {_AT} FROM matter m"  # noqa: S608 - as above
    " WHERE m.closed_at IS NULL AND m.next_owner <> ''"
)
_NEW = "m.org = NEW.org AND m.stream = NEW.stream"
_OF_MATTER = (
    "DELETE FROM listing WHERE org = NEW.org AND stream = NEW.stream;"  # noqa: S608 - as above
    f"{_BY_PART} WHERE {_NEW}{_GROUPED}; {_BY_ROLE} AND {_NEW};"
)
_OF_PARTY = (
    "DELETE FROM listing WHERE org = NEW.org AND stream = NEW.stream AND holder = NEW.person;"  # noqa: S608 - as above
    f"{_BY_PART} WHERE {_NEW} AND p.person = NEW.person{_GROUPED};"
)
_WITHOUT_PARTY = "DELETE FROM listing WHERE org = OLD.org AND stream = OLD.stream AND holder = OLD.person;"

#: Whether this is a database from before this table, which has to fill it.
IS_UNFILLED: Final = "SELECT 1 FROM matter WHERE NOT EXISTS (SELECT 1 FROM listing LIMIT 1) LIMIT 1"
FILL: Final = (f"{_BY_PART} WHERE 1 = 1{_GROUPED} ON CONFLICT DO NOTHING", f"{_BY_ROLE} ON CONFLICT DO NOTHING")

SQLITE: Final = f"""
CREATE TRIGGER IF NOT EXISTS matter_listed AFTER INSERT ON matter BEGIN {_OF_MATTER} END;
CREATE TRIGGER IF NOT EXISTS matter_relisted AFTER UPDATE ON matter
WHEN NEW.closed_at IS NOT OLD.closed_at OR NEW.next_due_at IS NOT OLD.next_due_at OR NEW.next_owner <> OLD.next_owner
BEGIN {_OF_MATTER} END;
CREATE TRIGGER IF NOT EXISTS party_listed AFTER INSERT ON party BEGIN {_OF_PARTY} END;
CREATE TRIGGER IF NOT EXISTS party_unlisted AFTER DELETE ON party BEGIN {_WITHOUT_PARTY} END;
"""
POSTGRESQL: Final = f"""
CREATE OR REPLACE FUNCTION alteram_list_matter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_OF_MATTER} RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION alteram_list_party() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_OF_PARTY} RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION alteram_unlist_party() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_WITHOUT_PARTY} RETURN NULL;
END $$;
{FILL[0]};
{FILL[1]};
CREATE OR REPLACE TRIGGER matter_listed AFTER INSERT ON matter FOR EACH ROW EXECUTE FUNCTION alteram_list_matter();
CREATE OR REPLACE TRIGGER matter_relisted AFTER UPDATE ON matter FOR EACH ROW
    WHEN (NEW.closed_at IS DISTINCT FROM OLD.closed_at OR NEW.next_due_at IS DISTINCT FROM OLD.next_due_at
        OR NEW.next_owner <> OLD.next_owner)
    EXECUTE FUNCTION alteram_list_matter();
CREATE OR REPLACE TRIGGER party_unlisted AFTER DELETE ON party
    FOR EACH ROW EXECUTE FUNCTION alteram_unlist_party();
CREATE OR REPLACE TRIGGER party_listed AFTER INSERT ON party FOR EACH ROW EXECUTE FUNCTION alteram_list_party();
"""
