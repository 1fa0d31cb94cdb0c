-- The language of the line that the member typed last, for as long as Discord has not shown a locale.
ALTER TABLE members ADD COLUMN line_locale TEXT CHECK (line_locale IN ('ja', 'en'));

-- When the bridge last posted a mail of Lancers there.
ALTER TABLE inboxes ADD COLUMN last_mail_at INTEGER;
