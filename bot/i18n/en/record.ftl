# The record: history, corrections, import, export, erasure.
history-none = Nothing is recorded yet. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
history-title = **Your record: { $count ->
    [one] one message
   *[other] { $count } messages, newest first
}**
history-entry = { $what } · { $at }
    -# { $why }
history-received = 📥 { $thread }
history-sent = 📤 { $thread }
history-dismissed = 🔕 { $thread }
history-new-thread = 🧵 { $thread }
history-last = -# Last step: { $what }, { $at }
reason-on-time = Counts as on time: asked { $asked }, replied { $replied }, { $span } later.
reason-late = Counts as late: asked { $asked }, replied { $replied }, { $span } later.
reason-ambiguous = Counted as late: { $span } after their oldest open message ({ $asked }), but within 24 hours of the newest ({ $newest }). Lancers does not say which one counts.
reason-waiting = Waits for your answer until { $due }. Not answering counts nowhere.
reason-dismissed = No reply was needed. A reply in this thread would still be judged; the line is { $due }.
reason-nowhere = Counts nowhere.
reason-dismissal = No reply: counts nowhere.
verdict-on-time = on time
verdict-late = late
verdict-ambiguous = late (ambiguous)
verdict-waiting = waiting
verdict-dismissed = no reply needed
verdict-nowhere = counts nowhere
verdict-dismissal = no reply
receipt-verdicts = Verdict: { $before } → { $after }
verdicts = { $on_time } on time, { $late } late ({ $ambiguous } of them ambiguous)
step-recorded = recorded
step-time = time put right
step-direction = direction put right
step-moved = moved
step-split = split
step-merged = merged
step-deleted = deleted
step-imported = imported
step-looked = looked at
edit-merged = 🔗 Merged, { $count } messages: { $threads }
edit-split = ✂️ Split, { $count } messages: { $threads }
edit-undone = ↩️ Taken back ({ $what }, { $count } messages): { $threads }
edit-verdicts = Verdicts of these threads: { $before } → { $after }
edit-nothing-to-split = This is the first message of its thread, so there is nothing to split off. Nothing was changed.
edit-nothing-to-merge = There is no other thread to merge with. Nothing was changed.
edit-too-many-parts = This thread was split too often already. Move the message to a thread with a name of its own.
edit-step-gone = This step was taken back already, or a newer one came after it. Nothing was changed; see `/history`.
choose-merge = **Which thread is the same conversation?** Everything moves into the one you choose.
action-look = Open
action-split = New thread from here
action-merge = Merge with another thread
action-revert = Undo this step
action-confirm = Yes, do it
action-logged-in = Logged in today
action-review-day = Review day
action-keep = Keep old rows / not

import-title = **{ $name }**
import-messages = { $count ->
    [one] New message: **1**
   *[other] New messages: **{ $count }**
} in { $threads ->
    [one] one thread
   *[other] { $threads } threads
}
import-jobs = New jobs: **{ $count }**
import-duplicates = Known already: { $count }
import-skipped = Files without a client's message: { $count }
import-bad = ❌ **{ $count ->
    [one] One row cannot
   *[other] { $count } rows cannot
} be read, so nothing can be imported.** Put them right and hand the file in again:
import-bad-line = `{ $place }` { $reason }
import-confirm = Nothing is written yet. **Import all of it?**
import-nothing = There is nothing new in it.
import-begins = Importing …
import-progress = Importing … { $written } of { $total }
import-done = ✅ Imported: { $messages } messages, { $jobs } jobs; { $duplicates } were known. `/history` can undo the messages in one step.
import-cancelled = All right, nothing was imported.
import-not-waiting = This import is not waiting any more: it was done, or I was restarted. `/history` shows whether it was done; if not, hand the file in again.
import-too-large = The file is larger than { $most } MB, so nothing was imported. Hand it in in parts.
import-too-many-rows = The file holds more than { $most } rows, so nothing was imported. Hand it in in parts.
import-too-many-files = The zip holds more than { $most } files, so nothing was imported. Hand it in in parts.
import-unpacked-too-large = A file in the zip is larger than { $most } MB when unpacked, or all of them together are too large. Nothing was read; hand it in in parts.
import-zip = The zip cannot be opened, so nothing was imported: it is damaged, or asks for a password. Make it anew and hand it in again.
import-unsupported = I cannot import "{ $name }". Hand in .csv, .json (my own export), .eml, or a .zip of these.
import-json = This JSON is not an export of mine, or was changed so that I cannot read it. Nothing was imported; hand in the file of `/export` as it is.
import-json-version = This export is of a newer version ({ $version }). Ask the operator to update the bot.
import-future = the time lies in the future.
import-unfetched = Discord did not hand me the file, so nothing was imported. Please try again.
export-title = 📦 Everything about you: { $messages } messages, { $jobs } jobs.
export-about = The CSV files can be read by `/import`, by `{ -command } standing`, and by spreadsheets; the JSON holds every row that I have of you.
erase-nobody = I have no record of you: there is nothing to erase.
erase-title = **Erase everything about you?** This cannot be undone. `/export` first, if you want to keep it.
erase-erased = What goes: { $messages } messages, { $threads } threads, { $jobs } jobs, { $reminders } reminders (those in flight included), { $declarations } entries of profile, goal and displayed figures, and your settings.
erase-kept = What only the operator can remove: backups (up to { $days } days old; if one is restored, this erasure is applied again) and log lines that hold your Discord id. Our messages here are yours to delete.
erase-confirm = **Really erase?**
erase-done = Erased: I have no record of you any more. If you write to me again, we start afresh.
erase-cancelled = All right, everything stays.
storage-scrub-waits = Everything was deleted, but another program holds the database's log open, so traces are left in it until it lets go. Tell the operator.

preference-review-day = Lancers' review day
preference-review-day-example = 1 to 31; empty: not known
preference-digest = Digest
preference-keep = Rows older than 13 months
preference-fallback = Channel when I cannot reach you
review-day-assumed = not known, the 1st is assumed
review-day-set = the { $day }. of each month
digest-every-off = off
digest-every-monthly = after each review
digest-every-weekly = after each review and every Monday
keep-yes = kept
keep-no = purged
status-review-set = Next review: { $date }
edit-begins = Taking it back …
