-- The list at the end of the quiet hours is a kind of its own.
CREATE TABLE occurrences_anew (
    -- Never used again, not even after an erasure: deliveries and their nonces are named by it.
    occurrence_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('lead', 'overnight', 'morning', 'snoozed', 'closed')),
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

-- The message that was the oldest one of the window: the snooze follows it where its thread or its time is corrected.
-- Null in rows of before, which belong to the window of their thread.
ALTER TABLE snoozes ADD COLUMN window_id INTEGER;
