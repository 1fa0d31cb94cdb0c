-- The list at the end of the quiet hours is a kind of its own.
ALTER TABLE occurrences DROP CONSTRAINT occurrences_kind_check;
ALTER TABLE occurrences ADD CONSTRAINT occurrences_kind_check
    CHECK (kind IN ('lead', 'overnight', 'morning', 'snoozed', 'closed'));

-- The message that was the oldest one of the window: the snooze follows it where its thread or its time is corrected.
-- Null in rows of before, which belong to the window of their thread.
ALTER TABLE snoozes ADD COLUMN window_id BIGINT;
