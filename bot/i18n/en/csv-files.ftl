# What is wrong with a CSV file of messages or jobs.

table-encoding = I cannot tell which character encoding the file is in. Save it as UTF-8.
table-unknown = I do not know this header in the first line (a history has `thread,direction,sent_at`, jobs have `date,method,category,reward,outcome,evaluation`).
table-header-missing = The first line must name the columns { $required } (and { $optional }, if you like); { $column } is missing.
table-header-blank = The first line has a column without a name. Delete that column, and save the file again.
table-header-twice = The first line names the column { $column } twice.
table-header-unknown = The first line names a column { $column } that is not known; known are { $known }.
table-bad-rows = Some rows cannot be read; nothing was done with the file.
table-bad-row = line { $line }: { $reason }
table-row-unreadable = the row cannot be read.
table-row-fields = { $found ->
    [one] the row has one field
   *[other] the row has { $found } fields
}, the first line { $wanted }.

history-thread-empty = the thread is empty.
history-names-differ = "{ $thread }" has another client or title in an earlier row: write the same in both, or give this one another thread.
history-thread-twice = "{ $other }" has the same client and title: give each its own title, or, if they are one, the same thread.
history-direction = the direction "{ $written }" is neither received nor sent.
history-site = the site "{ $written }" is neither lancers nor other; an empty one means Lancers.
history-kind = the kind "{ $written }" is none of message, new_thread and dismissed.
history-instant = "{ $written }" is not an ISO 8601 time with date and time of day, for example 2026-11-22T18:14.
history-instant-skipped = the clocks skipped { $written } in this time zone.

jobs-method = the method "{ $written }" is none of project, hourly, monthly, package, task and contest.
jobs-outcome = the outcome "{ $written }" is neither completed nor not_completed.
jobs-evaluation = I cannot read "{ $written }" as an evaluation. Write 1 to 5 with at most one decimal, 満足 (satisfied) or 残念 (dissatisfied).
jobs-reward = I cannot read "{ $written }" as a reward. Write whole yen from 0 to { $most }, for example 50,000, 5万 or 0.
jobs-count = the count "{ $written }" is not a whole number from 1 to { $most }.
jobs-withheld = withheld "{ $written }" is neither yes nor no.
