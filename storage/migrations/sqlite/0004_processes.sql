-- Several processes on one database: who lives, who holds which shard, what was taken in hand.
-- Instants of these tables are the database's own: the processes' clocks need not agree.

CREATE TABLE processes (
    process_id TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shards (
    shard_id INTEGER PRIMARY KEY,
    process_id TEXT REFERENCES processes ON DELETE SET NULL,
    identified_at INTEGER
) STRICT;

-- Interactions and direct messages, by Discord's id, so that none is handled twice over a hand-over.
CREATE TABLE claimed_events (
    event_id INTEGER PRIMARY KEY,
    process_id TEXT NOT NULL,
    claimed_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))
) STRICT;

CREATE INDEX claimed_events_by_age ON claimed_events (claimed_at);

-- What runs once a day for all processes together.
CREATE TABLE duties (
    name TEXT PRIMARY KEY,
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A move into this database that has not ended: no bot opens it.
CREATE TABLE moving (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL
) STRICT;
