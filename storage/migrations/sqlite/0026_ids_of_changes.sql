-- The id of a change is never used again: the button that undoes it names it, also once it was undone.
CREATE TABLE changes_anew (
    change_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    what TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    under_way INTEGER NOT NULL DEFAULT 0 CHECK (under_way IN (0, 1)),
    UNIQUE (member_id, change_id)
) STRICT;
INSERT INTO changes_anew SELECT * FROM changes;

-- With the tables that refer to it, whose rows would go with those of the former one.
CREATE TABLE changed_messages_anew (
    member_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    -- All NULL: there was no such message.
    thread_id INTEGER,
    direction TEXT,
    kind TEXT,
    sent_at INTEGER,
    exactness TEXT,
    source TEXT,
    source_key TEXT,
    recorded_at INTEGER,
    closing INTEGER,
    PRIMARY KEY (member_id, change_id, message_id),
    FOREIGN KEY (member_id, change_id) REFERENCES changes_anew (member_id, change_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO changed_messages_anew SELECT * FROM changed_messages;
CREATE TABLE changed_threads_anew (
    member_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    contract_at INTEGER,
    site TEXT NOT NULL,
    page TEXT,
    PRIMARY KEY (member_id, change_id, thread_id),
    FOREIGN KEY (member_id, change_id) REFERENCES changes_anew (member_id, change_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO changed_threads_anew SELECT * FROM changed_threads;
DROP TABLE changed_messages;
DROP TABLE changed_threads;

-- Buttons of before may name ids whose changes are gone. These are small, since they were used again; no new id is one
-- of them.
DELETE FROM sqlite_sequence WHERE name = 'changes_anew';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'changes_anew', 1000000 + coalesce((SELECT max(change_id) FROM changes), 0)
    WHERE EXISTS (SELECT 1 FROM members);
DROP TABLE changes;
ALTER TABLE changes_anew RENAME TO changes;
ALTER TABLE changed_messages_anew RENAME TO changed_messages;
ALTER TABLE changed_threads_anew RENAME TO changed_threads;
CREATE INDEX changes_of_member ON changes (member_id, change_id);
CREATE INDEX changes_under_way ON changes (change_id) WHERE under_way = 1;
