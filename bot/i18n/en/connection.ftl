# Why Discord cannot be reached, or refuses the bot.

discord-token-refused = Discord does not know this DISCORD_TOKEN. Copy the bot's token again from the developer portal (Bot → Reset Token) into .env.
discord-refused = Discord refused the log-in (status { $status }, code { $code }). Try again in a few minutes; if that does not help, check the application in the developer portal, and DISCORD_API_URL if you set it.
discord-unreachable = Discord cannot be reached at { $address }. Check the network, or DISCORD_API_URL if you set it.
discord-commands-refused = Discord refused the bot's commands ({ $reason }). Please report this with the log lines above.
discord-lost = Discord closed the connection permanently ({ $reason }). Check the token and the intents of the application, then start again.
discord-shard-count = Discord does not accept the number of shards (close code { $reason }). Set SHARD_COUNT to one for each 1,000 servers, the same in every process, and start again.
