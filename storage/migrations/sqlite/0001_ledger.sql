-- Who the members are, what they recorded, and what follows from it.
-- Instants are whole microseconds since 1970-01-01 UTC. Every row belongs to exactly one member: foreign keys
-- carry member_id along, so a row can never hang on another member's thread.

CREATE TABLE members (
    member_id INTEGER PRIMARY KEY,
    -- What the member chose in /settings; NULL: the operator's default.
    locale TEXT CHECK (locale IN ('ja', 'en')),
    timezone TEXT,
    edition TEXT,
    lead_times TEXT,
    quiet_hours TEXT,
    -- The locale Discord last showed; a reminder has no interaction to ask.
    seen_locale TEXT CHECK (seen_locale IN ('ja', 'en')),
    badge TEXT NOT NULL DEFAULT 'unknown' CHECK (badge IN ('unknown', 'held', 'not_held')),
    badge_since INTEGER,
    channel_id INTEGER,
    handled_id INTEGER,
    -- Since when direct messages could not be read; told at the next contact.
    unread_since INTEGER,
    direct_messages TEXT NOT NULL DEFAULT 'untried' CHECK (direct_messages IN ('untried', 'open', 'refused')),
    joined_at INTEGER NOT NULL
) STRICT;

CREATE TABLE threads (
    thread_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    client TEXT,
    title TEXT,
    -- What a client and a title are matched by. An unsorted thread holds one forward whose client or thread the
    -- member has not told yet: its clock runs, and its title_key is the forward's own.
    client_key TEXT NOT NULL,
    title_key TEXT NOT NULL,
    unsorted INTEGER NOT NULL DEFAULT 0 CHECK (unsorted IN (0, 1)),
    used_at INTEGER NOT NULL,
    UNIQUE (member_id, thread_id),
    UNIQUE (member_id, client_key, title_key)
) STRICT;

CREATE INDEX threads_by_use ON threads (member_id, used_at);

CREATE TABLE messages (
    message_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'new_thread', 'dismissed')),
    sent_at INTEGER NOT NULL,
    exactness TEXT NOT NULL CHECK (exactness IN ('second', 'minute', 'about')),
    source TEXT NOT NULL,
    -- The identity of what it was read from; the same thing recorded twice is one row.
    source_key TEXT NOT NULL,
    -- When its present time became known.
    recorded_at INTEGER NOT NULL,
    UNIQUE (member_id, message_id),
    UNIQUE (member_id, source_key),
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX messages_of_thread ON messages (member_id, thread_id, sent_at);

-- Derived from the messages of its thread, rewritten in the transaction that changes one of them.
CREATE TABLE exchanges (
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    newest_asked_at INTEGER NOT NULL,
    replied_at INTEGER NOT NULL,
    on_time INTEGER NOT NULL CHECK (on_time IN (0, 1)),
    on_time_by_newest INTEGER NOT NULL CHECK (on_time_by_newest IN (0, 1)),
    PRIMARY KEY (member_id, thread_id, replied_at),
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX exchanges_of_year ON exchanges (member_id, replied_at, on_time, on_time_by_newest);

-- Derived too: one row for a thread whose last word is the client's.
CREATE TABLE windows (
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    oldest_at INTEGER NOT NULL,
    newest_at INTEGER NOT NULL,
    reminds_from INTEGER NOT NULL,
    dismissed INTEGER NOT NULL CHECK (dismissed IN (0, 1)),
    PRIMARY KEY (member_id, thread_id),
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX windows_waiting ON windows (member_id, oldest_at) WHERE dismissed = 0;

-- "Later" on a reminder: what the member asked for, which the plan of that window heeds.
CREATE TABLE snoozes (
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    reminds_from INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (member_id, thread_id, reminds_from),
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What was read but cannot be recorded before the member has said one thing more.
CREATE TABLE drafts (
    draft_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    asks TEXT NOT NULL CHECK (asks IN ('time', 'thread', 'start', 'badge')),
    direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
    client TEXT,
    title TEXT,
    sent_at INTEGER,
    exactness TEXT CHECK (exactness IN ('second', 'minute', 'about')),
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    drafted_at INTEGER NOT NULL,
    UNIQUE (member_id, source_key)
) STRICT;

-- Which commands Discord was told last, for each application.
CREATE TABLE synced_commands (
    application_id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT;
