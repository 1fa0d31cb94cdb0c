-- Reminders: an occurrence is one reminder for one window and lead time, a delivery is one direct message.

CREATE TABLE deliveries (
    -- The number of its first occurrence.
    delivery_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    discord_message_id INTEGER,
    UNIQUE (member_id, delivery_id)
) STRICT;

CREATE TABLE occurrences (
    -- Never used again, not even after an erasure: deliveries and their nonces are named by it.
    occurrence_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('lead', 'overnight', 'snoozed', 'closed')),
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
