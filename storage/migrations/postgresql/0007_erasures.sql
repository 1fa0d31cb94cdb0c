-- Who was erased, and when. It outlives the member's rows, so that nothing from before the erasure is read again from
-- the direct message: the newest Discord message that is left unread. One row a member.
CREATE TABLE erasures (
    member_id BIGINT PRIMARY KEY,
    erased_at BIGINT NOT NULL,
    handled_id BIGINT NOT NULL,
    -- Whether the note outside of the database has been written.
    noted BIGINT NOT NULL DEFAULT 0 CHECK (noted IN (0, 1))
);
CREATE INDEX erasures_to_note ON erasures (member_id) WHERE noted = 0;
