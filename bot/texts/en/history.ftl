# What is wrong with a history file.
history-encoding = The file is neither UTF-8 nor CP932. Save it as UTF-8.
history-header-missing = The first line must name the columns thread,direction,sent_at (and kind, if you like); { $column } is missing.
history-header-twice = The first line names the column { $column } twice.
history-header-unknown = The first line names a column { $column } that is not known; known are thread, direction, sent_at and kind.
history-bad-rows = Some rows cannot be read; nothing was judged.
history-bad-row = line { $line }: { $reason }
history-row-unreadable = the row cannot be read.
history-row-fields = the row has { $found } fields, the first line { $wanted }.
history-thread-empty = the thread is empty.
history-direction = the direction "{ $written }" is neither received nor sent.
history-kind = the kind "{ $written }" is none of message, new_thread and dismissed.
history-instant = "{ $written }" is no ISO 8601 time with date and time of day, for example 2026-11-22T18:14.
history-instant-skipped = the clocks skipped { $written } in this time zone.
