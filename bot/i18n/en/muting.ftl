# Clients without reminders.

mute-muted = 🔕 { $client }: muted. You get no reminders; the list and the status still show them with 🔕.
mute-unmuted = 🔔 { $client }: you get reminders again.
mute-list = Muted clients
mute-title = **Muted clients: { $count }**
mute-how = -# To mute one, choose it with `/mute`.
mute-choose = Choose whom to unmute…
mute-none = No client is muted. To mute one, choose it with `/mute`.
mute-unknown = There is no conversation with "{ $client }". Nothing was changed. Choose one of the suggestions.
mute-nobody = The client is not known yet, so it cannot be muted. Choose the client first. Nothing was changed.
mute-gone = This client is not muted. Nothing was changed.
