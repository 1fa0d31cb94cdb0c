# Backups and restoring one, on the command line.

backup-done = { $path } was written and checked: { $size }.
backup-holds = It holds schema { $step } with { $members ->
    [one] one member,
   *[other] { $members } members,
} { $threads ->
    [one] one conversation and
   *[other] { $threads } conversations and
} { $messages ->
    [0] no message.
    [one] one message, the newest recorded { $newest }.
   *[other] { $messages } messages, the newest recorded { $newest }.
}
backup-other-tool = PostgreSQL has its own tool, which asks for the password; run: { $call }
backup-exists = { $path } exists already and was left as it is. Name another file.
backup-missing = There is no database at { $path }. Check DATABASE_URL and the folder you are in.
backup-no-room = There is too little room at { $path } for a backup: it would fill the disk. Make room, or set BACKUP_FOLDER.
backup-unwritable = { $path } cannot be written: { $reason }. Check the folder, and who owns it.
backup-damaged = { $path } is damaged or is no database, so nothing was copied. Restore an older backup.
backup-not-ours = { $path } is a database, but not Nintei's, so nothing was copied.

restore-other-tool = PostgreSQL has its own tool; stop the bot and run: { $call }
restore-missing = There is no file at { $path }. Check its name.
restore-same = That file is the database itself. Name a backup.
restore-newer = The backup is newer than this program (schema { $step }, this program knows { $newest }). Install the newer version first; nothing was changed.
restore-running = A bot, or another program, has the database open. Stop it and run this again; nothing was changed.
restore-done = { $file } is now the database at { $path }.
restore-kept = What was there is kept at { $path }. Delete it when you no longer need it: it holds members' data.
restore-old = The backup may be older than the { $days } days for which erasures are noted (BACKUP_DAYS): members who were erased before that may be in it again.
