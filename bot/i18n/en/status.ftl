# The status: summary, details, rules and forecast.

threshold-earnings = the top 20 % of the category, not published
threshold-earnings-short = top 20 %
threshold-last-login = a log-in within 1 month
threshold-own = { $line }, your estimate
threshold-own-category = { $category } { $line }, your estimate
threshold-since = a log-in since { $day }

status-met = ✅
status-not-met = ❌
status-unknown = ❔
status-not-judged = ⏳
status-met-name = met
status-not-met-name = not met
status-unknown-name = unknown
status-not-judged-name = too few to be judged
status-not-judged-estimate-name = cannot be judged by the estimate
status-all-met = ✅ **All criteria are met** — next review { $day }
status-all-met-assumed = ✅ **All criteria are met** — next review around { $day }
status-missing = **{ $count ->
    [one] One criterion
   *[other] { $count } criteria
} to go until certification**: { $items }
status-keep = **{ $count ->
    [one] One criterion
   *[other] { $count } criteria
} to go to keep the badge**: { $items }
status-unknown-only = **{ $count ->
    [one] One more fact is
   *[other] { $count } more facts are
} needed to judge this**: { $items }
status-unknown-too = Not known yet ({ $count }): { $items }
status-unknown-replies = { $name } ({ $needed ->
    [one] one more reply
   *[other] { $needed } more replies
})
status-item-separator = {", "}
status-name-separator = {", "}
status-items-more = { $items } and { $count } more
status-missing-profile = profile { $filled }/{ $all } ({ $items })
status-missing-reply-rate = { $name } { $value } ({ $needed ->
    [one] one more reply
   *[other] { $needed } more replies
} within 24 h)
status-missing-completion-rate = { $name } { $value } ({ $needed ->
    [one] one more job
   *[other] { $needed } more jobs
} completed)
status-missing-task-approval = { $name } { $value } ({ $needed ->
    [one] one more task
   *[other] { $needed } more tasks
} approved)
status-missing-satisfaction = { $name } { $value } ({ $needed ->
    [one] one more "satisfied"
   *[other] { $needed } more "satisfied"
})
status-missing-evaluation = { $name } { $value } ({ $needed ->
    [one] one more ★5.0
   *[other] { $needed } more ★5.0
})
status-missing-earnings = { $name } { $value } ({ $missing } to go)
status-missing-plain = { $name } { $value } (needs { $line })
status-risk-reply-rate = Least room: { $name }
status-risk-completion-rate = { $margin ->
    [0] ⚠️ Most at risk: { $name } { $value } — the next job that is not completed takes it below the threshold
    [one] ⚠️ Most at risk: { $name } { $value } — one more job that is not completed is allowed
   *[other] Least room: { $name } { $value } — { $margin } more jobs that are not completed are allowed
}
status-risk-task-approval = { $margin ->
    [0] ⚠️ Most at risk: { $name } { $value } — the next task that is not approved takes it below the threshold
    [one] ⚠️ Most at risk: { $name } { $value } — one more task that is not approved is allowed
   *[other] Least room: { $name } { $value } — { $margin } more tasks that are not approved are allowed
}
status-risk-satisfaction = { $margin ->
    [0] ⚠️ Most at risk: { $name } { $value } — the next "dissatisfied" takes it below the threshold
    [one] ⚠️ Most at risk: { $name } { $value } — one more "dissatisfied" is allowed
   *[other] Least room: { $name } { $value } — { $margin } more "dissatisfied" are allowed
}
status-risk-evaluation = { $margin ->
    [0] ⚠️ Most at risk: { $name } { $value } — the next ★4.0 takes it below the threshold
    [one] ⚠️ Most at risk: { $name } { $value } — one more ★4.0 is allowed
   *[other] Least room: { $name } { $value } — { $margin } more ★4.0 are allowed
}
status-risk-earnings = { $margin ->
    [0] ⚠️ Most at risk: { $name } { $value } — exactly your estimate
    [one] ⚠️ Most at risk: { $name } { $value } — { $yen } above your estimate
   *[other] Least room: { $name } { $value } — { $yen } above your estimate
}
status-risk-last-login = { $margin ->
    [0] ⚠️ Most at risk: { $name } ({ $value }) — log in today, or it is over a month ago
    [one] ⚠️ Most at risk: { $name } ({ $value }) — log in by tomorrow, or it is over a month ago
   *[other] Least room: { $name } ({ $value }) — fine if you log in within about { $margin } days
}
status-fill-line = - { $name }: { $note }
status-badge-held = 🏅 **Certified Lancer** since { $since }
status-badge-held-undated = 🏅 **Certified Lancer**
status-badge-not-held = **Badge: not certified**
status-badge-unknown = **Badge: unknown** — tell me in `/settings`
status-review = Judged by: { $edition } · next review around { $date }
status-criterion = { $mark } { $name }: { $value } (needs { $line }) — { $status }
status-published = 📊
status-rate = { $mark } **Reply rate** { $rate }{ $estimate } — { $margin }
status-rate-slack = { $slack ->
    [0] no late reply is allowed now
    [one] one more late reply is allowed
   *[other] { $slack } more late replies are allowed
}
status-rate-needed = { $needed ->
    [one] one more reply within 24 h is needed
   *[other] { $needed } more replies within 24 h are needed
}
status-rate-newest = Counted from the newest message: { $rate }. Lancers does not say which message counts; I count from the oldest unanswered one.
status-rate-none = No reply of the past year is recorded yet. Forward me a client's message to begin.
status-waiting = **{ $count ->
    [one] One client is
   *[other] { $count } clients are
} waiting for your reply**{ $overdue ->
    [0] {""}
   *[other] , { $overdue } overdue
}
status-waiting-conversations = **{ $count ->
    [one] One conversation is
   *[other] { $count } conversations are
} waiting for your reply**{ $overdue ->
    [0] {""}
   *[other] , { $overdue } overdue
}
status-waiting-line = { $mark } { $thread } { $counting }
status-waiting-none = Nobody is waiting for your reply.
status-rules-title = **The rules of { $edition }**
status-rule = **{ $name }** — needs { $line }; { $known }
status-threshold-minimum = { $line } %, { $minimum } replies or more
status-review-set = Judged by: { $edition } · next review { $date }

note-missing-completion-rate = No such job is recorded for the past year: `/job add`
note-missing-task-approval = No jobs are recorded: `/job add`
note-missing-earnings = No completed job of the category is recorded for the past year: `/job add`
note-missing-earnings-line = Lancers does not publish the threshold. Set your own estimate: `/goal`
note-missing-evaluation = No job of the past year was given stars: `/job add`
note-missing-evaluation-ended = Stars ended in February 2022. Record the evaluation that Lancers displays, as in `/calibrate evaluation:4.9`, or choose today's rules in `/settings`.
note-missing-satisfaction = No job of the past year was evaluated: `/job add`
note-missing-profile = Fill in the checklist: `/profile`
note-missing-last-login = Enter the day you last logged in at Lancers: `/profile`
note-missing-reply-rate = Not known yet. Forward me a client's message.
note-estimate = { $estimate } { $unseen ->
    [0] The replies that are not recorded are estimated to be more than a year old by now. From { $until } on nothing is estimated.
    [one] One reply that is not recorded counts, too. By { $until } it does not count any more.
   *[other] { $unseen } replies that are not recorded count, too. By { $until } none of them counts any more.
}
note-estimate-not-judged = Its worst and its best case differ, so it cannot be judged by the estimate. Record what Lancers displays today with `/calibrate` to narrow them.
note-displayed = As Lancers displayed it on { $day }; jobs until that day are in it.
note-since-completion-rate = As Lancers displayed it on { $day }. Recorded for the days after it: { $reached } of { $jobs ->
    [one] one job
   *[other] { $jobs } jobs
} completed.
note-since-task-approval = As Lancers displayed it on { $day }. Recorded for the days after it: { $reached } of { $jobs ->
    [one] one task
   *[other] { $jobs } tasks
} approved.
note-since-satisfaction = As Lancers displayed it on { $day }. Recorded for the days after it: { $reached } of { $jobs ->
    [one] one evaluation
   *[other] { $jobs } evaluations
} "satisfied".
note-since-evaluation = As Lancers displayed it on { $day }. Recorded for the days after it: { $stars } on average in { $jobs ->
    [one] one evaluation
   *[other] { $jobs } evaluations
}.
note-since-earnings = An estimate: { $displayed } displayed by Lancers on { $day }, and { $since } recorded for the days after it.
note-displayed-not-judged = Only one of the two reaches the threshold, so it cannot be judged. Record what Lancers displays today with `/calibrate`.
note-displayed-partly-old = Some of the displayed amount may be more than a year old by now, so it cannot be judged. Record what Lancers displays today with `/calibrate`.
note-displayed-categories = The amount can be of several categories, so whether one of your goals is reached cannot be judged. Record the jobs themselves with `/job add`.
note-displayed-category = The displayed amount can be of several categories; all of it is taken for { $category } here.
note-displayed-unused = Lancers displayed { $value } on { $day }. That does not count here, since your record of jobs begins before the past year. If jobs are missing, add them: `/job add`
note-left-out-evaluation = { $count ->
    [one] One job has no stars and is left out.
   *[other] { $count } jobs have no stars and are left out.
}
note-left-out-satisfaction = { $count ->
    [one] One job was not evaluated and is left out.
   *[other] { $count } jobs were not evaluated and are left out.
}
note-outdated-profile = ⏳ Last confirmed { $day }: please check again.
note-outdated-earnings = ⏳ Your estimate is from { $day }: please check again.
note-outdated-displayed = ⏳ The displayed figures are from { $day }: please check again.

detail-title = **Every figure, its rule and its records — rules of { $edition }**
detail-figure = ### { $name }: { $value } (needs { $line }) — { $status }
detail-rule-reply-rate = Replies within 24 h of the oldest unanswered message ÷ replies made, past year; judged with 5 replies or more.
detail-rule-completion-rate = Completed ÷ all jobs of the past year that the rules count; contests are left out.
detail-rule-task-approval = Approved ÷ all tasks of the past year; not judged without tasks.
detail-rule-earnings = The completed jobs of the past year in your goal's category, contests included, compared with your own estimate of the top-20 % threshold.
detail-rule-evaluation = The average of the stars given in the past year; jobs without stars are left out.
detail-rule-satisfaction = 満足 ÷ evaluated jobs of the past year; 3.0 stars and more count as 満足.
detail-rule-profile = Nine items, all of them filled in or verified.
detail-rule-profile-current = Nine items, all of them filled in or verified: the self-introduction with 300 characters or more, qualifications for career and qualifications.
detail-rule-last-login = Within one calendar month.
detail-rows = { $count ->
    [0] _None._
    [one] _One:_
   *[other] _{ $count }:_
}
detail-reputation = ### 24 h reply rate (not a criterion in these rules, but published)
detail-reply = { $mark } { $thread }: { $asked } → { $replied } ({ $span })

forecast-card-title = **The rate at the coming reviews, if nothing more happens**
forecast-card-assumed = -# Lancers publishes no day; the first of the month is assumed (`/settings review_day`).
forecast-card-none = No reply of the past year is recorded yet. Forward me a client's message to begin.
forecast-card-line = `{ $day }` { $mark } **{ $rate }** ({ $counted })
forecast-card-leaves = { $day }: { $thread }, replied { $replied }
