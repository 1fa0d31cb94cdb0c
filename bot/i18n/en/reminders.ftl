# Reading lead times and quiet hours, and pressing "later".
reminders-lead-time-unreadable = I cannot read "{ $written }" as a lead time; your settings stay as they were. Write for example 12h,4h,1h or 1h30m, or none.
reminders-lead-time-range = A lead time is longer than nothing and shorter than 24 hours; "{ $written }" is not. Your settings stay as they were.
reminders-lead-times-many = { $most } lead times at most, please; these are { $count }. Your settings stay as they were.
reminders-quiet-hours-unreadable = I cannot read "{ $written }" as quiet hours; your settings stay as they were. Write for example 23:00-07:00, or none.
reminders-quiet-hours-no-span = Quiet hours end at another time than they start; "{ $written }" does not. Your settings stay as they were.
reminders-snooze-closed = This window has closed already, so there is nothing left to remind you of. Nothing was changed.
