# The address for metrics and health checks, and why the bot is not healthy.

health-port-refused = { $address } cannot be opened for the metrics ({ $reason }). Set METRICS_PORT to a free port, or check METRICS_HOST.
health-logged-in = Not logged in to Discord yet.
health-gateway = Not connected to Discord's gateway (shard { $shards }).
health-membership = No contact with the other processes; this process has no shard.
health-database = { $reason ->
    [timeout] The database did not answer within { $seconds } s.
    [busy] Another program is using the database.
    [damaged] The database is damaged: restore a backup.
    [full] The disk is full or cannot be written: make room.
    [read-only] The database cannot be written: check the file's permissions and whether the disk is mounted read-only.
    [unreachable] The database server cannot be reached.
   *[other] The database reports an error.
}
health-token = Discord refuses the token: nothing can be sent. Put the bot's new token in its place and start again.
health-database-file = The database file was removed or replaced while the bot was running: nothing is recorded. Put it back or restore a backup, and start the bot again.
health-caught-up = What arrived while the bot was away is still being read.
health-sweep = Nothing has looked for due reminders for { $seconds } s.
