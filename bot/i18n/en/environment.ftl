# Errors in the environment and in .env, which stop the start.

setting-edition = DEFAULT_EDITION={ $written }: there are no rules of that year. Write 2016, 2020, 2022 or 2024.
setting-timezone = DEFAULT_TIMEZONE={ $written } is not a time zone. Write for example Asia/Tokyo.
setting-lead-times = DEFAULT_LEAD_TIMES={ $written } cannot be read. Write for example 12h,4h,1h.
setting-quiet-hours = DEFAULT_QUIET_HOURS={ $written } cannot be read. Write for example 23:00-07:00, or nothing.
setting-choice = { $name }={ $written } cannot be used. Write one of { $allowed }.
setting-url = { $name }={ $written } is not an address. Write for example { $example }.
setting-folder = { $name }={ $written } cannot be used. Write the whole path of a folder, without quotation marks; nothing replaces ~ or $HOME.
setting-seconds = { $name }={ $written } cannot be used. Write seconds from 0 to { $most }, for example 1.5.
setting-whole = { $name }={ $written } cannot be used. Write a whole number from { $least } on.
setting-whole-most = { $name }={ $written } is too large. Write a whole number up to { $most }.
setting-no-folder = The folder in which this was started no longer exists. Go to the folder of the .env and start again.
setting-port = { $name } must be a number from 1 to { $highest }; { $written } is not. Leave it empty to measure nothing.
setting-mail-address = { $name } must be the address of the mailbox, such as box@example.jp; { $written } is not. It has no plus sign: each member's own part is added after one.
setting-host = { $name } must be a server, with a port where it needs one, such as imap.example.jp or imap.example.jp:993; { $written } is not.
setting-domains = { $name } must be domains separated by commas, such as lancers.jp,lancers.co.jp; { $written } is none.
setting-mail-login = { $name } contains a character that cannot be sent to a mail server: only ASCII letters, digits and signs can. A space copied from a page may be such a character; type it anew.
setting-mail-incomplete = { $name } is not set, and the other settings of the mailbox need it. Set it, or empty them all (MAIL_…) to read no mails.
setting-lmtp-refused = MAIL_LMTP={ $address } cannot be opened ({ $reason }). Set it to a free port, or to the path of a socket in a folder that exists and that this user may write to.
setting-mail-ca-file = { $name } names { $path }, which cannot be used: { $reason }. Check the path, that this user may read it, and that it holds certificates (PEM).
setting-token-missing = DISCORD_TOKEN is not set. Put your bot's token into .env, or try the bot without Discord: { -command } rehearse
setting-token-shape = DISCORD_TOKEN contains a blank, a quotation mark or another character that no token has. Write the token alone, without quotation marks and without the word Bot.
setting-env-unreadable = The file .env cannot be read ({ $reason }). Check that it is UTF-8 text which this user may read.
setting-env-long = The file .env has more than { $most } characters, so it was not read. Leave the settings alone in it.
setting-env-line = Line { $line } of .env cannot be read. Write NAME=value there, or put # before it.
setting-env-unknown = { $name } in .env is not a setting. Did you mean { $near }? .env.example explains them all.
setting-env-emptied = { $name } has a value in line { $first } of .env, and none in line { $second }, which would count. Remove one of the two lines.
setting-environment-unknown = The environment contains { $name }, which is not a setting of this program. Did you mean { $near }?
setting-secret-twice = Both { $name } and { $name }_FILE are set. Keep one of them.
setting-secret-unreadable = { $name }_FILE names { $path }, which cannot be used: { $reason }. Check the path, and that this user may read it.
setting-secret-shape = { $name }_FILE names { $path }, which does not hold one line of text. Write the value into it, on one line and with nothing else.
setting-secret-line = { $name } contains a line break or another control character. Write the value alone, on one line.
