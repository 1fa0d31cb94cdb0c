# What `doctor` reports: a check, what it found, what to do.

doctor-check-settings = Settings
doctor-check-token = Token
doctor-check-application = Application
doctor-check-clock = Clock
doctor-check-database = Database
doctor-check-integrity = Integrity
doctor-check-erasure = Erasing
doctor-check-derived = Derived rows
doctor-check-folder = Folder
doctor-check-disk = Disk
doctor-check-backups = Backups
doctor-check-pictures = Pictures
doctor-check-mailbox = Mailbox
doctor-check-lmtp = LMTP
doctor-check-monitoring = Monitoring
doctor-no-problems = No problems.
doctor-problems = { $number ->
    [one] One check above needs action.
   *[other] { $number } checks above need action.
}
doctor-settings-fine = Every setting can be read.
doctor-settings-readable = Everybody on this machine can read .env, which may hold the token. Run: chmod 600 .env
doctor-unreadable = { $path } cannot be read: { $reason }. Run this as the user that the bot runs as, or check the permissions of the folders above it.
doctor-token-fine = Discord accepts it; the bot is called { $name }.
doctor-application-unseen = Not checked: Discord could not be asked.
doctor-application-fine = No privileged intent is on, none is needed. Install link: https://discord.com/oauth2/authorize?client_id={ $id }
doctor-application-intents = Privileged intents are on that the bot does not need: { $intents }. Turn them off in the developer portal (Bot).
doctor-application-installs = Only one way to install is allowed. Allow User Install and Guild Install in the developer portal (Installation), then use https://discord.com/oauth2/authorize?client_id={ $id }
doctor-application-endpoint = An Interactions Endpoint URL is set, so commands and buttons never reach this bot. Empty it in the developer portal (General Information).
doctor-clock-unseen = Not checked: Discord's time is not known.
doctor-clock-fine = Within two seconds of Discord's ({ $seconds } s).
doctor-clock-ahead = { $seconds } s ahead of Discord's: reminders come early and deadlines seem nearer. Set it by the network, for example: timedatectl set-ntp true
doctor-clock-behind = { $seconds } s behind Discord's: reminders come late. Set it by the network, for example: timedatectl set-ntp true
doctor-database-new = There is none at { $path } yet; the first start makes it. If there should be one, check DATABASE_URL and the folder you are in.
doctor-database-gone = There is no database at { $path }, or an empty file, though one was there: its backups or notes of erasures are. Check DATABASE_URL and the disk, or restore a backup: { -command } restore FILE. The next start makes a new one.
doctor-database-fine = { $where } opens; { $size } MB, schema { $step }, the newest.
doctor-database-older = { $where } opens; { $size } MB, schema { $step }. The next start brings it to { $newest }: make a backup first.
doctor-integrity-fine = The engine's own checks find nothing wrong.
doctor-integrity-wrong = The database is damaged ({ $faults }). Stop the bot, keep a copy of the files, and restore a backup.
doctor-erasure-fine = A member can be erased: it was tried with one and taken back.
doctor-erasure-nobody = There is no member yet with whom to try it.
doctor-erasure-wrong = A member cannot be erased ({ $reason }), so /erase fails. Remove what refers to the bot's tables in the database, or restore the database again.
doctor-derived-fine = { $read ->
    [one] One conversation read again; it agrees with a recomputation.
   *[other] { $read } conversations read again; all agree with a recomputation.
}
doctor-derived-differ = { $differing } of { $read } conversations differ from a recomputation. If you changed a DEFAULT_ setting and have not started the bot since, that is why; otherwise please report it. To correct it: { -command } doctor --fix
doctor-derived-fixed = { $read ->
    [one] One conversation read again;
   *[other] { $read } conversations read again;
} { $differing ->
    [0] none differed.
    [one] one differed and was corrected.
   *[other] { $differing } differed and were corrected.
}
doctor-derived-unreadable = A stored value cannot be read ({ $error_type }): the database is damaged. Stop the bot, keep a copy of the files, and restore a backup.
doctor-derived-older = Checked once the next start has brought the database to the newest schema.
doctor-folder-fine = { $path } can be written.
doctor-folder-file = { $path } is a file, and a folder is needed there. Move it away, or set DATABASE_URL or BACKUP_FOLDER.
doctor-folder-locked = { $path } cannot be written by this user. Give it to the user that the bot runs as, for example with chown.
doctor-disk-fine = { $free } MB are free at { $path }.
doctor-disk-short = Only { $free } MB are free at { $path }; { $wanted } MB should be. Make room.
doctor-temporary-refused = Temporary files cannot be written ({ $reason }), so /export fails. Make room in /tmp, or set TMPDIR to another folder.
doctor-backups-off = No daily backup is made (BACKUP_KEEP=0).
doctor-backups-fine = { $number ->
    [0] None yet: the running bot makes one every day.
    [one] One daily backup, the newest { $newest }.
   *[other] { $number } daily backups, the newest { $newest }.
}
doctor-backups-none = No daily backup of the last two days is in { $path }. Look for backup_failed in the bot's log, or make one: { -command } backup FILE
doctor-backups-old = { $number ->
    [one] One file
   *[other] { $number } files
} with members' data, { $path } first, { $number ->
    [one] is
   *[other] are
} older than the { $days } days that /erase tells members (BACKUP_DAYS). Delete what you no longer need.
doctor-backups-many = BACKUP_KEEP={ $keep } keeps backups longer than the { $days } days that /erase tells members. Lower it, or raise BACKUP_DAYS.
doctor-backups-server = BACKUP_KEEP is for SQLite alone. Back a PostgreSQL database up with pg_dump, and unset it.
doctor-pictures-off = Turned off (PICTURES=off).
doctor-pictures-fine = The drawing library and its Japanese font are installed.
doctor-pictures-missing = Not installed: { $missing }. Install what requirements.lock names, or set PICTURES=off.
doctor-mailbox-fine = The log-in works. Mails in the inbox: { $waiting }.
doctor-mailbox-gmail = The log-in works (Gmail: mails that were read are moved to the trash, and removed for good there). Mails in the inbox: { $waiting }.
doctor-mailbox-failed = The log-in works. Mails in the inbox: { $waiting }; mails in the folder { $folder } that could not be read: { $failed }. Search the log for mail_failed, and report the type of the error. They are removed after 7 days.
doctor-mailbox-trash = Gmail does not show its trash folder over IMAP, so that no mail can be removed for good. In Gmail's settings (Labels), enable "Show in IMAP" for the trash.
doctor-mailbox-away = { $address } cannot be reached. Check MAIL_IMAP_HOST and the network. Reminders go on meanwhile.
doctor-mailbox-password = { $address } refuses the log-in of { $user }. Check MAIL_IMAP_USER and MAIL_IMAP_PASSWORD. Gmail needs an app password.
doctor-mailbox-certificate = The certificate of { $address } is not trusted. MAIL_IMAP_HOST must be a name of the certificate; for an authority of your own, set MAIL_IMAP_CA_FILE to its certificate. The port is the one for TLS (usually 993).
doctor-mailbox-slow = { $address } accepts the connection, but does not answer in time. Check the mail server's load and log.
doctor-mailbox-full = The mailbox of { $user } is full. Free space in it.
doctor-mailbox-refused = { $address } refuses a command. Check that IMAP is enabled, and that { $user } may read and change the inbox.
doctor-lmtp-served = The bot takes mails at { $address }.
doctor-lmtp-free = { $address } is free; no bot takes mails there.
doctor-lmtp-other = Another program answers at { $address }. Stop it, or set MAIL_LMTP to another address.
doctor-monitoring-off = Off: METRICS_PORT is not set, so nothing reports when the bot has stopped.
doctor-monitoring-free = { $address } is free for the metrics; no bot answers there.
doctor-monitoring-ready = The running bot says that it is ready.
doctor-monitoring-unready = The running bot says that it is not ready: { $reasons }
