-- What the member has said of a thread: since when its work is under contract, whether it is on another site than
-- Lancers (reminders, but no replies that count), and the path of its page on www.lancers.jp.
ALTER TABLE threads ADD COLUMN contract_at INTEGER;
ALTER TABLE threads ADD COLUMN site TEXT NOT NULL DEFAULT 'lancers' CHECK (site IN ('lancers', 'other'));
ALTER TABLE threads ADD COLUMN page TEXT;

-- These of the threads that a step changed, as they were before it.
CREATE TABLE changed_threads (
    member_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    contract_at INTEGER,
    site TEXT NOT NULL,
    page TEXT,
    PRIMARY KEY (member_id, change_id, thread_id),
    FOREIGN KEY (member_id, change_id) REFERENCES changes (member_id, change_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Lancers asks for a message within 168 hours ('contact_request', received), and the member says that this was done
-- ('contacted', sent). Neither is a message that is replied to, or a reply.
CREATE TABLE messages_anew (
    message_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'new_thread', 'dismissed', 'contact_request', 'contacted')),
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
INSERT INTO messages_anew SELECT * FROM messages;
DELETE FROM sqlite_sequence WHERE name = 'messages_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'messages_anew', seq FROM sqlite_sequence WHERE name = 'messages';
DROP TABLE messages;
ALTER TABLE messages_anew RENAME TO messages;
CREATE INDEX messages_of_thread ON messages (member_id, thread_id, sent_at);
CREATE INDEX messages_by_time ON messages (member_id, sent_at, message_id);
CREATE INDEX contact_requests ON messages (member_id, sent_at) WHERE kind = 'contact_request';

-- Reminders of the threads under contract, and of these requests.
CREATE TABLE occurrences_anew (
    -- Never used again, not even after an erasure: deliveries and their nonces are named by it.
    occurrence_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'lead', 'overnight', 'morning', 'snoozed', 'closed', 'unanswered', 'client_silent', 'contact_request'
    )),
    lead INTEGER NOT NULL,
    remind_at INTEGER NOT NULL,
    -- When it is to be tried: remind_at, or later after a failed try.
    try_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('planned', 'claimed', 'delivered', 'superseded', 'undeliverable', 'expired')
    ),
    claimed_until INTEGER,
    -- Committed before the direct message is sent, and kept over every retry: the nonce comes from it.
    delivery_id INTEGER,
    settled_at INTEGER,
    told_at INTEGER,
    FOREIGN KEY (member_id, thread_id) REFERENCES threads (member_id, thread_id) ON DELETE CASCADE,
    FOREIGN KEY (member_id, delivery_id) REFERENCES deliveries (member_id, delivery_id),
    CHECK ((state = 'claimed') = (claimed_until IS NOT NULL)),
    CHECK ((state IN ('planned', 'claimed')) = (settled_at IS NULL))
) STRICT;
INSERT INTO occurrences_anew SELECT * FROM occurrences;
DELETE FROM sqlite_sequence WHERE name = 'occurrences_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'occurrences_anew', seq FROM sqlite_sequence WHERE name = 'occurrences';
DROP TABLE occurrences;
ALTER TABLE occurrences_anew RENAME TO occurrences;

-- A reminder that was sent, or failed for good, is not planned again for its window.
CREATE UNIQUE INDEX occurrences_once ON occurrences (member_id, thread_id, opened_at, kind, lead)
    WHERE state <> 'superseded';
CREATE INDEX occurrences_to_try ON occurrences (try_at) WHERE state = 'planned' AND delivery_id IS NULL;
CREATE INDEX occurrences_to_try_of_member ON occurrences (member_id, try_at)
    WHERE state = 'planned' AND delivery_id IS NULL;
CREATE INDEX occurrences_to_try_again ON occurrences (try_at) WHERE state = 'planned' AND delivery_id IS NOT NULL;
CREATE INDEX occurrences_claimed ON occurrences (claimed_until) WHERE state = 'claimed';
CREATE INDEX occurrences_of_delivery ON occurrences (member_id, delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX occurrences_of_thread ON occurrences (member_id, thread_id, opened_at);
CREATE INDEX occurrences_to_tell ON occurrences (member_id)
    WHERE state IN ('undeliverable', 'expired') AND told_at IS NULL;

-- A mail that says that a contract began, and one of another site: `asks` knows the words of these questions.
CREATE TABLE drafts_anew (
    draft_id INTEGER PRIMARY KEY,
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
    UNIQUE (member_id, source_key)
) STRICT;
INSERT INTO drafts_anew SELECT *, NULL FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
