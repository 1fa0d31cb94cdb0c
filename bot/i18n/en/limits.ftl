# What is refused beyond the limits of one bot.

limits-members = This bot takes no new members for now. Nothing about you was stored; ask the operator, or try again later.
limits-records = You have made { NUMBER($most) } records today, as many as one member may. This one is not recorded; everything before it is. Send it again tomorrow (from midnight in Japan), or use `/import`.
limits-imports = { NUMBER($most) ->
    [one] Another large import is
   *[other] { NUMBER($most) } large imports are
} being imported already. Nothing was changed and nothing is lost; try again in a minute or two.
limits-import-running = Your own import is still running. Nothing is lost; wait until it has ended, then try again.
limits-thread = The conversation "{ $name }" would hold more than { NUMBER($most) } messages. Nothing was written; divide it in the file by giving its parts different names in `title`.
limits-jobs = The file holds more than { $most } jobs. Nothing was written; send it in parts, or put equal jobs into one row with `count`.
limits-thread-moved = The conversation "{ $name }" would hold more than { NUMBER($most) } messages, so nothing was moved. Leave the two conversations apart.
limits-thread-full = The conversation "{ $name }" holds { NUMBER($most) } messages, as many as one may, so this one is not recorded. Send it with another title, for example "{ $name } 2".
limits-open = { NUMBER($most) } of your conversations wait for a reply within their 24 hours, as many as one member may have. Nothing was written; reply to some of them or dismiss them (`/pending`), then try again.
