-- What the operator has asked for on the command line. A running bot carries each row out once and stores its outcome.
CREATE TABLE operator_requests (
    request_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('announce', 'erase', 'block', 'unblock')),
    -- Whom it is about; null for an announcement, and once it was carried out.
    user_id INTEGER,
    -- The text of an announcement, and whether it is sent in quiet hours too.
    text TEXT,
    urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
    requested_at INTEGER NOT NULL,
    -- When an announcement was addressed to the members of that moment.
    started_at INTEGER,
    finished_at INTEGER,
    outcome TEXT
);
CREATE INDEX operator_requests_open ON operator_requests (request_id) WHERE finished_at IS NULL;

-- One row for each member to whom an announcement is addressed.
CREATE TABLE announcement_recipients (
    request_id INTEGER NOT NULL REFERENCES operator_requests ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'delivered', 'undeliverable', 'declined', 'expired')),
    try_at INTEGER NOT NULL,
    PRIMARY KEY (request_id, member_id)
);
CREATE INDEX announcement_recipients_due ON announcement_recipients (try_at) WHERE state = 'planned';
CREATE INDEX announcement_recipients_of_member ON announcement_recipients (member_id);

-- Whom the operator has blocked; a row may be of somebody who never was a member.
CREATE TABLE blocked_users (
    user_id INTEGER PRIMARY KEY,
    blocked_at INTEGER NOT NULL,
    -- When they were told so, which is done once.
    answered_at INTEGER
);

ALTER TABLE members ADD COLUMN takes_announcements INTEGER NOT NULL DEFAULT 1 CHECK (takes_announcements IN (0, 1));
