-- The address to which a member has notifications forwarded: the operator's, with this token after a plus sign.
CREATE TABLE mail_addresses (
    member_id INTEGER PRIMARY KEY REFERENCES members ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    -- When the member last asked for it: a mail provider's request to confirm it is passed on for a day.
    asked_at INTEGER NOT NULL,
    paused_at INTEGER,
    -- Since when a test waits for a mail.
    tested_at INTEGER,
    last_mail_at INTEGER,
    -- A keyed hash of the address to which Lancers writes to the member, once they have confirmed a mail.
    confirmed_recipient TEXT
) STRICT;

-- The ways on which mails reach a member: keyed hashes of who sent and who forwarded them.
CREATE TABLE mail_paths (
    path_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    path TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'confirmed', 'refused')),
    recipient TEXT,
    seen_at INTEGER NOT NULL,
    UNIQUE (member_id, path)
) STRICT;

-- Messages that were recorded from a mail of a path which the member has not confirmed.
CREATE TABLE unconfirmed_messages (
    member_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    PRIMARY KEY (member_id, message_id),
    FOREIGN KEY (member_id, message_id) REFERENCES messages (member_id, message_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- How many mails came for a member on a day of the Japanese calendar.
CREATE TABLE mail_days (
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    day TEXT NOT NULL,
    mails INTEGER NOT NULL,
    PRIMARY KEY (member_id, day)
) STRICT, WITHOUT ROWID;
