-- The id of a draft is never used again: the buttons of a question name it, also of one that has ended.
CREATE TABLE drafts_anew (
    draft_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    asks TEXT NOT NULL CHECK (asks IN (
        'time', 'thread', 'start', 'badge', 'trap', 'event', 'client', 'new-client', 'moment', 'nothing-waits',
        'dismissed-client', 'unclear', 'contact-request', 'contract', 'other-site'
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
    page TEXT,
    written_at INTEGER,
    UNIQUE (member_id, source_key)
) STRICT;
INSERT INTO drafts_anew SELECT * FROM drafts;
-- Cards of before may name ids whose drafts are gone. These are small, since they were used again; no new id is one of
-- them.
DELETE FROM sqlite_sequence WHERE name = 'drafts_anew';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'drafts_anew', 1000000 + coalesce((SELECT max(draft_id) FROM drafts), 0)
    WHERE EXISTS (SELECT 1 FROM members);
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
