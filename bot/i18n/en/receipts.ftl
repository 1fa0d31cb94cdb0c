# One receipt for what was forwarded in a row.
gathered-title = 📥 **{ $count } received**
gathered-waits = · { $thread } — answer until { $at } ({ $left })
gathered-closed = ⚠️ { $thread } — closed { $at } ({ $left })
gathered-unsorted = ❓ { $thread } ({ $at }) **Who, and which thread?** Recorded; closes { $left }
gathered-counted = · { $thread } ({ $at }) — { $counted }
gathered-repeated = { $line } _(recorded before)_
gathered-time = ❓ { $client } — **When did it arrive?** Not recorded yet
gathered-start = ❓ An invitation ({ $at }) — start the clock if you answer it
gathered-badge = ❓ You were certified — **shall the badge be noted as held?**
gathered-thread = ❓ { $client } — **Which thread did you answer?** Not recorded yet
gathered-trap = ❓ { $client } — **Shall it count as a reply?** Not recorded yet
gathered-refused = ⚠️ { $reason }
gathered-note = · { $note }
gathered-more = … and { $count } more
gathered-rate = Reply rate { $rate }
gathered-choose = Look at one, or put it right …
