-- When the line of a draft was written, which is when it says that it happened; null: when the draft was made.
ALTER TABLE drafts ADD COLUMN written_at INTEGER;
