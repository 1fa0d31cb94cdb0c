# The inbox: a channel in which posts of a mail bridge (a webhook) are recorded automatically.

inbox-set = 📮 { $channel } is your inbox now. Notifications from Lancers that a webhook posts there, mentioning this bot (id `{ $bot }`), are recorded as received automatically. Receipts come by direct message.
    Check that the bot can see the channel. How to set it up: docs/mail-bridge.md.
inbox-off = { $channel } is no longer your inbox. What is recorded stays.
inbox-ended = { $reason ->
    [channel] 📮 The channel that was your inbox was deleted.
    [server] 📮 The bot was removed from the server of your inbox.
   *[off] 📮 Somebody who manages { $channel } has ended your inbox there.
} Notifications from Lancers are no longer recorded automatically. Use `/inbox set` in another channel, or forward what arrives. What is recorded stays.
inbox-shown = 📮 Your inbox: { $channel } (since { $since }). `/inbox off` stops it. Use it before you leave the server (or afterwards, in our direct message).
inbox-none = You have no inbox yet. Use `/inbox set` in a channel of your own server.
inbox-own-server = An inbox is a channel of your own server, to which this bot was added. Add the bot to your server, and use `/inbox set` in that channel.
inbox-permission = Only somebody with "Manage Server" or "Manage Webhooks" in this channel can do that. Nothing was changed.
inbox-taken = This channel is somebody else's inbox. One channel takes one person's mail, so use another one. Nothing was changed.
inbox-not-recorded = A post in your inbox could not be recorded. Please forward it to me here.
inbox-missed-are-read = What is posted while the bot is away is read and recorded when it is back.
inbox-missed-if-allowed = What is posted while the bot is away is read and recorded when it is back, if the bot has the permission "Read Message History" in that channel.
inbox-missed-not-allowed = The bot lacks the permission "Read Message History" in this channel, so it cannot read what is posted while it is away. Grant it, or forward such posts to me.
