# The status: summary, details, rules and forecast.

threshold-earnings = top 20 % of the category, not published
threshold-last-login = within 1 month
threshold-own = { $line }, your estimate
threshold-own-category = { $category } { $line }, your estimate
threshold-since = since { $day }

status-verdict-met = ✅ All criteria are met
status-verdict-not-met = ❌ Not all criteria are met
status-verdict-unknown = ❔ Not everything is known yet
status-met = ✅
status-not-met = ❌
status-unknown = ❔
status-not-judged = ⏳
status-met-name = met
status-not-met-name = not met
status-unknown-name = unknown
status-not-judged-name = not judged yet
status-badge-held = 🏅 **Certified Lancer** since { $since }
status-badge-held-undated = 🏅 **Certified Lancer**
status-badge-not-held = **Badge: not held**
status-badge-unknown = **Badge: unknown** — tell me in `/settings`
status-review = Next review: { $date } (assumed; Lancers reviews monthly and names no day)
status-criterion = { $mark } { $name }: { $value } (line { $line }) — { $status }
status-rate = **24 h reply rate** { $rate }{ $estimate }
    `{ $bar }`
status-rate-slack = Slack: { $slack ->
    [0] no late reply can be afforded now
    [one] one late reply can be afforded
   *[other] { $slack } late replies can be afforded
}
status-rate-needed = { $needed ->
    [one] One more reply in time is needed
   *[other] { $needed } more replies in time are needed
}
status-rate-newest = Counted from the newest message: { $rate }. Lancers does not say which message counts; I count from the oldest unanswered one.
status-rate-none = No reply of the past year is recorded yet. Forward me a client's message to begin.
status-waiting = **Waiting: { $count }** — `/pending`
status-waiting-line = { $mark } { $thread } until { $at } ({ $counting })
status-waiting-more = … and { $count } more
status-waiting-none = Nothing waits.
status-edition = Judged by edition { $edition }. There is also: { $others } (`/settings`).
status-rules-title = **The rules, edition { $edition }**
status-rule = **{ $name }** — line { $line }; { $known }
status-threshold-minimum = { $line } %, { $minimum } replies or more
status-review-set = Next review: { $date }

note-missing-completion-rate = No such job is entered for the past year: `/job add`
note-missing-task-approval = No jobs are entered: `/job add`
note-missing-earnings = No job of the category is entered for the past year: `/job add`
note-missing-earnings-line = Lancers publishes no line. Set your own estimate: `/goal`
note-missing-evaluation = No job of the past year was given stars: `/job add`
note-missing-evaluation-ended = Stars ended in February 2022. Note the evaluation that Lancers displays, as in `/calibrate evaluation:4.9`, or choose today's rules in `/settings`.
note-missing-satisfaction = No job of the past year was evaluated: `/job add`
note-missing-profile = Tick your checklist: `/profile`
note-missing-last-login = Enter the day you last logged in at Lancers: `/profile`
note-missing-reply-rate = Not known yet. Forward me a client's message.
note-estimate = { $estimate } { $unseen ->
    [one] One reply that is not recorded counts, too.
   *[other] { $unseen } replies that are not recorded count, too.
} By { $until } none of them counts any more.
note-estimate-not-judged = Its worst and its best case differ, so it cannot be judged yet.
note-displayed = As Lancers displayed it on { $day }; nothing of this is entered here.
note-left-out-evaluation = { $count ->
    [one] One job has no stars and is left out.
   *[other] { $count } jobs have no stars and are left out.
}
note-left-out-satisfaction = { $count ->
    [one] One job was not evaluated and is left out.
   *[other] { $count } jobs were not evaluated and are left out.
}
note-outdated-profile = ⏳ Last confirmed { $day }: please check again.
note-outdated-earnings = ⏳ Your line is of { $day }: please check again.
note-outdated-displayed = ⏳ The displayed figures are of { $day }: please look again.

detail-title = **Every figure, its rule, its rows — edition { $edition }**
detail-figure = ### { $name }: { $value } (line { $line }) — { $status }
detail-rule-reply-rate = Replies within 24 h of the oldest unanswered message ÷ replies made, past year; judged from 5 replies on.
detail-rule-completion-rate = Completed ÷ all jobs of the past year that the edition counts; contests are left out.
detail-rule-task-approval = Approved ÷ all tasks of the past year; not judged without tasks.
detail-rule-earnings = The completed jobs of the past year in your goal's category, contests included, against your own estimate of the top-20 % line.
detail-rule-evaluation = The average of the stars given in the past year; jobs without stars are left out.
detail-rule-satisfaction = 満足 ÷ evaluated jobs of the past year; 3.0 stars and more count as 満足.
detail-rule-profile = Nine items, all of them filled in.
detail-rule-profile-current = Nine items, all of them filled in: the self-introduction with 300 characters or more, qualifications for career and qualifications.
detail-rule-last-login = Within one calendar month.
detail-rows = { $count ->
    [0] _No rows._
    [one] _One row:_
   *[other] _{ $count } rows:_
}
detail-reputation = ### 24 h reply rate (no criterion in this edition, shown as reputation)
detail-reply = { $mark } { $thread }: { $asked } → { $replied } ({ $span })

forecast-card-title = **The rate at the coming reviews, if nothing more happens**
forecast-card-assumed = -# Lancers publishes no day; the first of the month is assumed (`/settings review_day`).
forecast-card-none = No reply of the past year is recorded yet. Forward me a client's message to begin.
forecast-card-line = `{ $day }` { $mark } **{ $rate }** ({ $counted }) { $bar }
forecast-card-leaves = { $day }: { $thread }, replied { $replied }
