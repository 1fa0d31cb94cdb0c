-- The list at the end of the quiet hours is a kind of its own.
ALTER TABLE occurrences DROP CONSTRAINT occurrences_kind_check;
ALTER TABLE occurrences ADD CONSTRAINT occurrences_kind_check
    CHECK (kind IN ('lead', 'overnight', 'morning', 'snoozed', 'closed'));

-- A snooze belongs to a message, whose thread and time may be corrected. Those of before are in `snoozes`.
CREATE TABLE window_snoozes (
    member_id BIGINT NOT NULL REFERENCES members ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (member_id, message_id)
);
