# What the database could not do, and moving it.

storage-address = DATABASE_URL must read sqlite:///PATH or postgresql://user:password@host/database; { $address } does not.
storage-move-address = { $name } must read sqlite:///PATH or postgresql://user:password@host/database, with @ / ? # [ and % in the user and the password percent-encoded.
storage-port = DATABASE_URL names a port that does not exist. Write one from 1 to { $most }.
storage-memory = A database in memory is lost when the program ends. Set DATABASE_URL to a file: sqlite:///data/nintei.db
storage-password-unescaped = DATABASE_URL cannot be read: the user or password contains a character such as @ / ? # [ or %. Write it percent-encoded, for example %40 for @.
storage-foreign = { $path } is another program's database and was left as it is. Set DATABASE_URL to another file.
storage-unopened = The database { $path } cannot be opened: { $reason }. Check that its folder can be written, or set DATABASE_URL.
storage-server-unopened = The database { $address } cannot be opened: { $reason }. Check that the server runs, and the user and password in DATABASE_URL.
storage-server-refused = The database { $address } refuses the connection: { $reason }. Check the user, the password and the name of the database in DATABASE_URL.
storage-newer = The database is newer than this program (schema { $step }, this program knows { $newest }). Install the newer version again, or use another database.
storage-damaged = The database file is damaged or is no database. Restore a backup, or set DATABASE_URL to another file.
storage-full = The disk is full or cannot be written. Nothing was recorded; please try again once the operator has made room.
storage-busy = Another program is using the database. Nothing was recorded; please try again in a moment.
storage-file-lost = The database file was removed or replaced while the bot was running. Nothing is recorded any more; the operator has to put the file back or restore a backup, and start the bot again.
storage-in-use = Another bot, a restore or a move is using { $path }. Stop it first: a SQLite file serves a single process; several bots share a PostgreSQL database.
storage-unreachable = The database cannot be reached right now. Please try again in a moment; what was recorded already is not recorded twice.
storage-read-only = The database cannot be written. Nothing was recorded; please ask the operator to check the file's permissions.
storage-failed = The database reports an error ({ $reason }). Nothing was recorded; please try again, and tell the operator if it happens again.
storage-move-same = FROM and TO are the same database.
storage-move-missing = There is no database at { $path }. Check FROM.
storage-move-not-empty = TO already holds something (in { $table }), so nothing was moved. Move into an empty database.
storage-move-other = TO holds the beginning of a move from { $origin }. Finish that one, or empty TO.
storage-move-unfinished = A move into this database has not ended. Run { -command } move-database again, with the same FROM and TO.
storage-move-running = A bot is using one of the two databases. Stop it first, wait half a minute, and run this again.
storage-move-broken = In { $table } FROM has a row that breaks the rules of the schema: it is damaged. Restore a backup of FROM first.
storage-move-differs = In { $table } the row with { $row } is not the same in both databases: FROM was changed meanwhile. Stop the bot, empty TO, and run this again.
