-- When a job was added by hand: the same one again within minutes is told as one. NULL: before this step, or imported.
ALTER TABLE jobs ADD COLUMN added_at BIGINT;

-- The newest post of an inbox that was read; what was posted while the bot was away is read behind it.
ALTER TABLE inboxes ADD COLUMN handled_id BIGINT;
