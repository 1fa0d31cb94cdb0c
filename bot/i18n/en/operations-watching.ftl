# The door for metrics and health, and what is answered there.
setting-port = { $name } must be a number from 1 to { $highest }; { $written } is not. Leave it empty to measure nothing.
watching-port-refused = { $address } cannot be opened for the metrics ({ $reason }). Set METRICS_PORT to a free port, or check METRICS_HOST.
watching-logged-in = Not logged in to Discord yet.
watching-gateway = Not connected to Discord's gateway (shard { $shards }).
watching-membership = No contact with the other processes; no shard is held.
watching-database = The database did not answer within { $seconds } s.
watching-caught-up = What arrived while the bot was away is still being read.
watching-sweep = Nothing has looked for due reminders for { $seconds } s.
