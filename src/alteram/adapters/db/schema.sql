-- The record. Organisation id first in every key; no transaction crosses organisations.
-- {blob}, {text} and {serial} are filled in for each database.
CREATE TABLE IF NOT EXISTS head (
    org {text} NOT NULL, stream {text} NOT NULL, seq BIGINT NOT NULL, leaf_hash {blob} NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (org, stream)
);
CREATE TABLE IF NOT EXISTS entry (
    org {text} NOT NULL, stream {text} NOT NULL, seq BIGINT NOT NULL, leaf {blob} NOT NULL, leaf_hash {blob} NOT NULL,
    ciphertext {blob} NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (org, stream, seq)
);
-- Deletable on purpose: destroying a row destroys what it opens.
CREATE TABLE IF NOT EXISTS entry_key (
    org {text} NOT NULL, stream {text} NOT NULL, seq BIGINT NOT NULL, wrapped {blob} NOT NULL,
    PRIMARY KEY (org, stream, seq)
);
-- Acknowledged, not yet in the log. Filled by a trigger, so that nothing acknowledged can be forgotten.
CREATE TABLE IF NOT EXISTS pending (
    id {serial}, org {text} NOT NULL, stream {text}, seq BIGINT, leaf {blob} NOT NULL, leaf_hash {blob} NOT NULL
);
CREATE INDEX IF NOT EXISTS pending_org ON pending (org, id);
CREATE TABLE IF NOT EXISTS leaf (
    org {text} NOT NULL, idx BIGINT NOT NULL, stream {text}, seq BIGINT, leaf {blob} NOT NULL, leaf_hash {blob} NOT NULL,
    PRIMARY KEY (org, idx), UNIQUE (org, stream, seq)
);
CREATE TABLE IF NOT EXISTS document (
    org {text} NOT NULL, digest {text} NOT NULL, data {blob} NOT NULL, PRIMARY KEY (org, digest)
);
-- Every published checkpoint, one for each size of a log; cosignatures are added to it as they arrive.
CREATE TABLE IF NOT EXISTS checkpoint_note (
    org {text} NOT NULL, origin {text} NOT NULL, size BIGINT NOT NULL, note {blob} NOT NULL, witnessed INTEGER NOT NULL,
    PRIMARY KEY (org, origin, size)
);
CREATE INDEX IF NOT EXISTS checkpoint_note_witnessed ON checkpoint_note (org, origin, witnessed, size);
-- Read tables: disposable, rebuilt from the entries.
CREATE TABLE IF NOT EXISTS matter (
    org {text} NOT NULL, stream {text} NOT NULL, procedure_id TEXT NOT NULL, stage TEXT NOT NULL, opened_at TEXT NOT NULL,
    last_at TEXT NOT NULL, last_seq BIGINT NOT NULL, closed_at TEXT, next_due_at TEXT, next_owner TEXT NOT NULL,
    PRIMARY KEY (org, stream)
);
CREATE INDEX IF NOT EXISTS matter_due ON matter (org, next_due_at);
CREATE TABLE IF NOT EXISTS party (
    org {text} NOT NULL, stream {text} NOT NULL, person {text} NOT NULL, role {text} NOT NULL, since_seq BIGINT NOT NULL,
    until_seq BIGINT, PRIMARY KEY (org, stream, person, role, since_seq)
);
CREATE INDEX IF NOT EXISTS party_person ON party (org, person, stream);
-- What lists page through: kept by triggers (see listing.py). standing is waits, open or closed; at is what it sorts by.
CREATE TABLE IF NOT EXISTS listing (
    org {text} NOT NULL, stream {text} NOT NULL, holder {text} NOT NULL, standing {text} NOT NULL, at {text} NOT NULL,
    PRIMARY KEY (org, stream, holder)
);
CREATE INDEX IF NOT EXISTS listing_page ON listing (org, holder, standing, at, stream);
CREATE TABLE IF NOT EXISTS outbox (
    id {serial}, org {text} NOT NULL, kind TEXT NOT NULL, stream {text} NOT NULL, seq BIGINT NOT NULL,
    audience TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS outbox_open ON outbox (org, done, id);
