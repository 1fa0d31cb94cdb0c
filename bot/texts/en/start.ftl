# What stops a start, and what the database cannot do.
setting-token-missing = DISCORD_TOKEN is not set. Put your bot's token into .env, or try the bot without Discord: python -m bot rehearse
discord-token-refused = Discord does not know this DISCORD_TOKEN. Copy the bot's token anew from the developer portal (Bot → Reset Token) into .env.
discord-refused = Discord refused the log-in (status { $status }, code { $code }). Try again in some minutes; if it stays, check the application in the developer portal.
discord-unreachable = Discord cannot be reached at { $address }. Check the network, or DISCORD_API_URL if you set it.
discord-commands-refused = Discord refused the bot's commands ({ $reason }). Please report this with the log lines above.
discord-lost = Discord ended the connection for good ({ $reason }). Check the token and the intents of the application, then start again.
storage-address = DATABASE_URL must read sqlite:///PATH; { $address } does not.
storage-unopened = The database { $path } cannot be opened: { $reason }. Check that its folder can be written, or set DATABASE_URL.
storage-newer = The database is newer than this program (schema { $step }, this program knows { $newest }). Install the newer version again, or use another database.
storage-damaged = The database file is damaged or is no database. Restore a backup, or set DATABASE_URL to another file.
storage-full = The disk is full or cannot be written. Nothing was recorded; make room and try again.
storage-busy = Another program holds the database. Nothing was recorded; please try again in a moment.
storage-read-only = The database cannot be written. Nothing was recorded; check the file's permissions.
storage-failed = The database did not do what was asked ({ $reason }). Nothing was recorded.
