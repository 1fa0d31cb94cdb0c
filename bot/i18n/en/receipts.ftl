# One receipt for what was forwarded in a row.
batch-title = 📥 **{ $count } received**
batch-waits = · { $thread } — answer until { $at } ({ $left })
batch-closed = ⚠️ { $thread } — closed { $at } ({ $left })
batch-unsorted = ❓ { $thread } ({ $at }) **Who, and which thread?** Recorded; closes { $left }
batch-counted = · { $thread } ({ $at }) — { $counted }
batch-repeated = { $line } _(recorded before)_
batch-time = ❓ { $client } — **When did it arrive?** Not recorded yet
batch-start = ❓ An invitation ({ $at }) — start the clock if you answer it
batch-badge = ❓ You were certified — **shall the badge be noted as held?**
batch-thread = ❓ { $client } — **Which thread did you answer?** Not recorded yet
batch-trap = ❓ { $client } — **Shall it count as a reply?** Not recorded yet
batch-refused = ⚠️ { $reason }
batch-note = · { $note }
batch-more = … and { $count } more
batch-rate = Reply rate { $rate }
batch-choose = Look at one, or put it right …
