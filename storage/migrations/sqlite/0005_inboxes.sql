-- The channel whose mail bridge posts for a member: one channel each, and one member a channel.
CREATE TABLE inboxes (
    channel_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL UNIQUE REFERENCES members ON DELETE CASCADE,
    chosen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX inboxes_by_guild ON inboxes (guild_id);
