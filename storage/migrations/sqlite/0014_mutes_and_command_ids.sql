-- Clients of whom a member wants no reminders, in all threads with them.
CREATE TABLE muted_clients (
    muted_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    client TEXT NOT NULL,
    client_key TEXT NOT NULL,
    muted_at INTEGER NOT NULL,
    UNIQUE (member_id, client_key)
);

-- Discord's ids of the commands, by name, as a JSON object: a mention of a command needs its id.
ALTER TABLE synced_commands ADD COLUMN command_ids TEXT NOT NULL DEFAULT '{}';
