# Why a time could not be read.

time-not-in-future = I cannot read "{ $written }" as a future time. Write for example `12/29 18:00` or `tomorrow 9:00`.
time-empty = When was it? Write for example `yesterday 14:30`, `11/22 9:05` or `3h ago`.
time-too-long = This is too long for a time ({ $most } characters at most). Write the time alone.
time-unreadable = I cannot read "{ $written }" as a time. Your record is unchanged. Write for example `yesterday 14:30`, `11/22 9:05` or `3h ago`.
time-rest-unreadable = I understood { $understood }, but not "{ $rest }". Your record is unchanged. Write only the time, for example `yesterday 14:30`.
time-no-time = I understood { $understood }, but not the time of day. Your record is unchanged. Write for example `yesterday 14:30`.
time-future = I understood { $understood }, which is in the future. Your record is unchanged. Write when it was, for example `yesterday 14:30`.
time-before-lancers = I understood { $understood }, which is before Lancers began (2008). Your record is unchanged. Check the year, or write for example `yesterday 14:30`.
time-contradictory = I understood { $understood }, which does not fit together. Your record is unchanged. Write one day and one time, for example `yesterday 14:30`.
time-impossible = I understood { $understood }, which does not exist. Your record is unchanged. Write for example `11/22 9:05`.
time-skipped-by-clocks = I understood { $understood }, which the clocks skipped that day. Your record is unchanged. Write the time that they showed.
time-ambiguous = "{ $written }" can mean { $one } or { $other }. Your record is unchanged. Write it with the date and on a 24-hour clock, for example `11/22 14:30`.
time-ambiguous-weekday = That weekday can mean { $one } or { $other }. Your record is unchanged. Write the date, for example `11/22 14:30`.
time-weekday = I understood { $understood }, but that day is a { $weekday ->
    [0] Monday
    [1] Tuesday
    [2] Wednesday
    [3] Thursday
    [4] Friday
    [5] Saturday
   *[6] Sunday
}. Your record is unchanged. Check the date.
time-line = I could not read who and when, so nothing was recorded. Write the client first and the time last, for example `Studio A yesterday 14:30`.
time-coming-day = { $understood } is still to come. If you mean { $proposed }, write that date; for last year's, write the year, too. Nothing has changed.
time-coming-hour = { $understood } is still to come. If you mean { $proposed }, write the date, too. Nothing has changed.
time-long-ago = I read { $proposed }, which is more than 8 weeks ago. If you mean that day, write the year, too, for example "2025/11/22 9:05". Nothing has changed.
time-zone-letters = { $written } means different times in different countries. Write the offset, for example "+09:00". Nothing has changed.
