-- The other criteria, what a member declares, corrections that can be undone, and what runs by the calendar.
-- A day is a date in Tokyo, written 2026-11-24: it sorts as text.

CREATE TABLE jobs (
    -- Never used again: buttons name it.
    job_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    day TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('project', 'hourly', 'task', 'contest')),
    category TEXT NOT NULL,
    reward INTEGER NOT NULL CHECK (reward >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'not_completed')),
    -- Tenths of stars, and what they were converted to; only the latter since 2022-02; neither: not evaluated.
    stars INTEGER CHECK (stars BETWEEN 10 AND 50),
    satisfied INTEGER CHECK (satisfied IN (0, 1)),
    client TEXT,
    count INTEGER NOT NULL CHECK (count >= 1),
    UNIQUE (member_id, job_id)
) STRICT;

CREATE INDEX jobs_of_year ON jobs (member_id, day);

CREATE TABLE profile_items (
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    item TEXT NOT NULL,
    filled INTEGER NOT NULL CHECK (filled IN (0, 1)),
    confirmed_on TEXT NOT NULL,
    PRIMARY KEY (member_id, item)
) STRICT, WITHOUT ROWID;

-- The member's own estimate of the top-20 % line of a category.
CREATE TABLE goals (
    member_id INTEGER PRIMARY KEY REFERENCES members ON DELETE CASCADE,
    category TEXT NOT NULL,
    line INTEGER NOT NULL CHECK (line >= 1),
    source TEXT,
    set_on TEXT NOT NULL
) STRICT;

-- The figures that Lancers displayed on a day: shares in tenths of a percent, stars in hundredths, yen.
CREATE TABLE calibrations (
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    shown_on TEXT NOT NULL,
    reply_rate INTEGER,
    -- How fine the reply rate was displayed: 10 for whole percents, 1 for tenths.
    reply_rate_unit INTEGER CHECK (reply_rate_unit IN (1, 10)),
    replies INTEGER,
    completion_rate INTEGER,
    task_approval INTEGER,
    satisfaction INTEGER,
    evaluation INTEGER,
    earnings INTEGER,
    PRIMARY KEY (member_id, shown_on)
) STRICT, WITHOUT ROWID;

ALTER TABLE members ADD COLUMN last_login TEXT;
ALTER TABLE members ADD COLUMN review_day INTEGER CHECK (review_day BETWEEN 1 AND 31);
ALTER TABLE members ADD COLUMN digest TEXT CHECK (digest IN ('off', 'monthly', 'weekly'));
ALTER TABLE members ADD COLUMN fallback_channel_id INTEGER;
ALTER TABLE members ADD COLUMN keeps_history INTEGER NOT NULL DEFAULT 0 CHECK (keeps_history IN (0, 1));
-- When the next digest is due; NULL: not worked out yet, or none is wanted.
ALTER TABLE members ADD COLUMN digest_at INTEGER;
CREATE INDEX members_by_digest ON members (digest_at) WHERE digest_at IS NOT NULL;

-- The messages anew: their numbers are never used again, since buttons and corrections name them, and `closing` says
-- that one reads like the end of a conversation ("no reply needed?" is offered, never decided).
CREATE TABLE messages_anew (
    message_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'new_thread', 'dismissed')),
    sent_at INTEGER NOT NULL,
    exactness TEXT NOT NULL CHECK (exactness IN ('second', 'minute', 'about')),
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    closing INTEGER NOT NULL DEFAULT 0 CHECK (closing IN (0, 1)),
    UNIQUE (member_id, message_id),
    UNIQUE (member_id, source_key),
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE
) STRICT;
INSERT INTO messages_anew SELECT *, 0 FROM messages;
DROP TABLE messages;
ALTER TABLE messages_anew RENAME TO messages;
CREATE INDEX messages_of_thread ON messages (member_id, thread_id, sent_at);
CREATE INDEX messages_by_time ON messages (member_id, sent_at, message_id);

-- The steps of a member's corrections, the newest undone first: each message as it was before the step.
CREATE TABLE changes (
    change_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    what TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (member_id, change_id)
) STRICT;

CREATE INDEX changes_of_member ON changes (member_id, change_id);

CREATE TABLE changed_messages (
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
    FOREIGN KEY (member_id, change_id) REFERENCES changes (member_id, change_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A reply that would count as late although no reply was needed is asked about first: `asks` knows one word more.
CREATE TABLE drafts_anew (
    draft_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    asks TEXT NOT NULL CHECK (asks IN ('time', 'thread', 'start', 'badge', 'trap')),
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
INSERT INTO drafts_anew SELECT *, 0, NULL FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
