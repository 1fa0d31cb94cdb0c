# Import, export and erasure.

import-cut-off = The import was interrupted, and everything it had written was undone. Your earlier record is as it was; send the file again.
import-title = { $name }
import-messages = { $count ->
    [one] New message: **1**
   *[other] New messages: **{ $count }**
} in { $threads ->
    [one] one conversation
   *[other] { $threads } conversations
}
import-jobs = New jobs: **{ $count }**
import-duplicates = Known already: { $count }
import-skipped = Left out (not a client's message, or not clear from whom or when): { $count }
import-bad = { $count ->
    [one] ❌ **One row cannot be read, so nothing can be imported.** Correct it and send the file again:
   *[other] ❌ **{ $count } rows cannot be read, so nothing can be imported.** Correct them and send the file again:
}
import-bad-line = `{ $place }` { $reason }
import-rewards = -# Rewards of jobs count as contract amounts before fees.
import-statements = Profile and settings: what you have not set here
import-statements-done = ✅ Of the profile and settings, what you had not set here was imported.
import-confirm = Nothing is written yet. **Import all of it?**
import-nothing = There is nothing new in it.
import-begins = Importing…
import-progress = Importing… { $written } of { $total }
import-done = ✅ Imported: { $messages ->
    [0] {""}
    [one] 1 message
   *[other] { $messages } messages
}{ $jobs ->
    [0] {""}
   *[other] { $messages ->
        [0] {""}
       *[other] {", "}
    }{ $jobs ->
        [one] 1 job
       *[other] { $jobs } jobs
    }
}{ $duplicates ->
    [0] {""}
    [one] ; 1 was known
   *[other] ; { $duplicates } were known
}. { $messages ->
    [0] `/job remove` takes jobs back one by one.
   *[other] `/history` can undo the messages in one step.
}
import-no-reminder = ⏰ { $count ->
    [one] For one reply
   *[other] For { $count } replies
} no reminder is planned before the deadline: **this is your reminder**. `/pending` shows when.
import-cancelled = All right, nothing was imported.
import-not-waiting = This import is closed: it was done, or I was restarted. `/history` shows whether it was done; if not, send the file again.
import-replaced = You sent another file after this one, so this card is closed. Nothing was written now. Use the buttons on the newer card, or send this file again.
import-too-large = The file is larger than { $most } MB, so nothing was imported. Send it in parts. A JSON cannot be divided: send the CSV files of `/export` in parts, each with the line of headings.
import-too-many-rows = The file holds more than { $most } rows, so nothing was imported. Send it in parts.
import-too-many-files = The zip holds more than { $most } files, so nothing was imported. Send it in parts.
import-unpacked-too-large = A file in the zip is larger than { $most } MB when unpacked, or all of them together are too large. Nothing was read; send it in parts. A JSON cannot be divided: use the CSV files of `/export`.
import-zip = The zip cannot be opened, so nothing was imported: it is damaged, or needs a password. Make it again and send it.
import-unsupported = I cannot import "{ $name }". Send .csv, .json (my own export), .eml, or a .zip of these.
import-json = This JSON is not an export of mine, or was changed so that I cannot read it. Nothing was imported; send the file of `/export` as it is.
import-json-version = This export is of a newer version ({ $version }). Ask the operator to update the bot.
import-future = the time is in the future.
import-before-lancers = the time is before Lancers began (2008).
import-figure = the value of `{ $name }` is missing, or outside its limits.
import-unread = Reading the file takes too long or too much memory, so nothing was imported. Send it in parts.
import-unfetched = The file could not be fetched from Discord, so nothing was imported. Please try again.
import-offer = 📎 { $name }: { $kind ->
        [jobs] a table of jobs
        [export] an export of this bot
        [mails] mails
        [several] several files
       *[history] a history of messages
    } ({ $count ->
        [one] 1 entry
       *[other] { $count } entries
    })
import-file-gone = This file was deleted, so it cannot be imported. Nothing was written. Send it here again if you still want it.

export-title = 📦 Everything about you: { $messages ->
    [one] 1 message
   *[other] { $messages } messages
}, { $jobs ->
    [one] 1 job
   *[other] { $jobs } jobs
}.
export-about = The CSV files can be read by `/import`, by `{ -command } standing`, and by spreadsheets; the JSON holds every row that I have of you.
export-no-room = The files cannot be written: the machine on which I run has no room for them. Nothing was changed. Please tell the operator, and try again later.
export-large = The JSON is larger than { $most } MB, so `/import` does not take it. To import, use history.csv and jobs.csv; a CSV above { $most } MB can be sent in parts, each with the line of headings.

erase-nobody = I have no record of you: there is nothing to erase.
erase-title = **Erase everything about you?** This cannot be undone. `/export` first, if you want to keep it.
erase-erased = What is erased: { $messages ->
    [one] 1 message
   *[other] { $messages } messages
}, { $threads ->
    [one] 1 conversation
   *[other] { $threads } conversations
}, { $jobs ->
    [one] 1 job
   *[other] { $jobs } jobs
}, { $reminders ->
    [one] 1 reminder
   *[other] { $reminders } reminders
} (those being sent included), { $declarations ->
    [one] 1 entry
   *[other] { $declarations } entries
} of profile, goal and displayed figures, and your settings.
erase-remains = What stays: your Discord id, up to where I have read here, and when you were erased, so that nothing from before is read again. Nothing else.
erase-kept = What only the operator can remove: backups (up to { $days } days old; if one is restored, this erasure is applied again) and log lines that hold your Discord id. Your messages here you can delete yourself; mine only I can delete.
erase-confirm = **Really erase?**
erase-done = Erased: I have no record of you any more. If you write to me again, we start from the beginning.
erase-messages-begun = I am deleting my messages here one by one. If I am restarted meanwhile some stay: use `/erase` again.
erase-messages-done = My messages here that were deleted: { $count }.
erase-messages-left = Some could not be deleted and are left. Use `/erase` again in a moment.
erase-cancelled = All right, everything stays.

storage-scrub-waits = Everything was deleted. Traces are left in the database's log, which is in use by a backup, an export or another program; the bot removes them as soon as it is not.
