-- Messages of the bot in direct messages that are edited when the windows or messages they show change.
CREATE TABLE cards (
    discord_message_id BIGINT PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members ON DELETE CASCADE,
    -- Null: the member's direct-message channel.
    channel_id BIGINT,
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'reminder', 'window', 'pending')),
    -- Of a list the page.
    page BIGINT NOT NULL DEFAULT 0,
    -- A digest of the state that was shown last; empty: as it was sent.
    shown TEXT NOT NULL DEFAULT '',
    -- Raised by each change of something that it shows.
    revision BIGINT NOT NULL DEFAULT 0,
    -- When it is to be compared with the record, and edited if it differs; null: not.
    edit_at BIGINT,
    edited_at BIGINT,
    claimed_until BIGINT
);
CREATE INDEX cards_due ON cards (edit_at) WHERE edit_at IS NOT NULL;
CREATE INDEX cards_of_member ON cards (member_id);

-- What a card shows, in its order: a message, or the window that is named by its oldest unanswered message.
CREATE TABLE card_items (
    discord_message_id BIGINT NOT NULL REFERENCES cards ON DELETE CASCADE,
    position BIGINT NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    -- The thread in which it was when the card was sent or last edited.
    thread_id BIGINT NOT NULL,
    -- Of a reminder its kind; empty on other cards.
    reminder_kind TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (discord_message_id, position)
);
CREATE INDEX card_items_of_thread ON card_items (member_id, thread_id, discord_message_id);
