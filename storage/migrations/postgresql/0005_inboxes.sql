-- The channel whose mail bridge posts for a member: one channel each, and one member a channel.
CREATE TABLE inboxes (
    channel_id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL UNIQUE REFERENCES members ON DELETE CASCADE,
    chosen_at BIGINT NOT NULL
);

CREATE INDEX inboxes_by_guild ON inboxes (guild_id);
