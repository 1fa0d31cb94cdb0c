# Labels in pictures, and their alternative texts.

picture-rate = Reply rate, past year
picture-rate-estimated = Reply rate{ $estimate }
picture-published = Not a criterion
picture-no-line = not a criterion
picture-line = needs { $line }
picture-none = No replies recorded yet
picture-slack = { $slack ->
    [0] No late replies left
    [one] 1 late reply left
   *[other] { $slack } late replies left
}
picture-needed = { $needed ->
    [one] Needs 1 more on time
   *[other] Needs { $needed } more on time
}
picture-weeks = Replies by week, past year
picture-weeks-recorded = Recorded replies by week
picture-on-time = on time { $count }
picture-late = late { $count }
picture-criteria = Criteria
picture-value = { $value } / needs { $line }
picture-client-fee = Client fee with its tax
picture-kept = You keep, without the nomination fee
picture-forecast = The reply rate if nothing more happens{ $estimate }
picture-safe = First met at the review of { $day }
picture-never-safe = Met at none of the coming reviews yet
picture-not-judged = Too few replies to be judged at the coming reviews
picture-due-now = Time to reply, when recorded
picture-due-then = Time to reply, when this was sent
picture-left = About { $left } left
picture-left-little = Less than { $most } min left
picture-until = until { $at }
picture-others = { $count ->
    [one] 1 more is waiting
   *[other] { $count } more are waiting
}
picture-reminders = { $count ->
    [one] 1 reminder to come
   *[other] { $count } reminders to come
}
picture-no-reminders = No more reminders
picture-closed = The 24 hours have passed
picture-closed-advice = A new thread doesn't count
picture-opened = arrived { $at }
picture-closes = due { $at }
picture-quiet = quiet hours
picture-reminder = reminder
picture-rate-change = Reply rate, before → after{ $estimate }
picture-sentence = { $words }.
picture-list = { $name }: { $list }.
picture-published-value = { $name } { $value }
picture-judged = { $name } { $value } ({ $status })
picture-status-about = Gauge of the reply rate: { $rate }, { $line }.
picture-weeks-about = A bar for each week: { $on_time }, { $late } ({ $weeks ->
    [one] 1 week
   *[other] { $weeks } weeks
} with late ones).
picture-fee-about = Two bars: what you keep and what the client pays, with their parts.
picture-forecast-about = The reply rate at the coming reviews as columns, { $line }.
picture-window-about = A 24-hour dial. { $title }:
picture-rate-about = The reply rate as a bar: { $words }, { $line }.
