-- What a typed line leaves open is asked: `asks` knows the words of these questions.
CREATE TABLE drafts_anew (
    draft_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    asks TEXT NOT NULL CHECK (asks IN (
        'time', 'thread', 'start', 'badge', 'trap',
        'event', 'client', 'new-client', 'moment', 'nothing-waits', 'dismissed-client', 'unclear'
    )),
    direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
    client TEXT,
    title TEXT,
    sent_at INTEGER,
    exactness TEXT CHECK (exactness IN ('second', 'minute', 'about')),
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    drafted_at INTEGER NOT NULL,
    closing INTEGER NOT NULL DEFAULT 0 CHECK (closing IN (0, 1)),
    -- The thread that a reply would fall into.
    thread_id INTEGER,
    UNIQUE (member_id, source_key)
) STRICT;
INSERT INTO drafts_anew SELECT * FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
