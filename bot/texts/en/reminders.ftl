# Reading lead times and quiet hours, and pressing "later".
reminders-lead-time-unreadable = I cannot read "{ $written }" as a lead time. Write for example 12h,4h,1h or 1h30m, or none.
reminders-lead-time-range = A lead time is longer than nothing and shorter than 24 hours; "{ $written }" is not.
reminders-lead-times-many = { $most } lead times at most, please; these are { $count }.
reminders-quiet-hours-unreadable = I cannot read "{ $written }" as quiet hours. Write for example 23:00-07:00, or none.
reminders-quiet-hours-no-span = Quiet hours end at another time than they start; "{ $written }" does not.
reminders-later-closed = This window has closed already.
