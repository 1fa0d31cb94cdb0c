# Jobs, and what a member says of themselves.
job-added = ✅ Entered:
job-edited = ✏️ Put right:
job-removed = 🗑️ Taken out:
job-none = No jobs are entered yet. Enter one with `/job add`, or hand in a CSV with `/import`.
job-title = **Jobs: { $count ->
    [one] one entry
   *[other] { $count } entries
}**
job-line = `#{ $id }` { $day } { $method } · { $category } · { $reward }{ $count } { $mark } { $evaluation }{ $client }
outcome-completed = completed
outcome-not-completed = not completed
evaluation-none = –
evaluation-satisfied = satisfied (満足)
evaluation-dissatisfied = dissatisfied (残念)
jobs-gone = This entry is not there (any more), or is somebody else's. Nothing was changed; see `/job list`.
jobs-future = { $day } lies in the future, so the job was not entered. Give the day on which it ended.
jobs-number = "{ $written }" is no entry; nothing was changed. Choose one from the list, or write its number from `/job list`.
day-unreadable = I cannot read "{ $written }" as a day. Write for example 2026/11/22, 11/22 or yesterday.

profile-title = **Your profile on Lancers: { $filled } of 9**
profile-line = { $mark } { $item } ({ $day })
profile-login = 🔑 Last log-in: { $day }
profile-none = 👇 Tick below what is filled in.
profile-confirm = Still so today
profile-choose = Tick what is filled in
profile-self-introduction = Self-introduction
profile-photo = Profile photo
profile-display-name = Display name
profile-career = Career and qualifications
profile-skills = Skills
profile-identity = Identity check
profile-confidentiality = Confidentiality check
profile-phone = Phone check
profile-lancers-check = Lancers check
confirmed-on = confirmed { $day }
confirmed-outdated = confirmed { $day }, old: please check
goal-none = No goal is set. Lancers publishes no top-20 % line, so earnings stay unknown. Set your own estimate: `/goal category:Web line:1,000,000 source:…`
goal-line = 🎯 **{ $category }**: { $line } a year ({ $day })
goal-all = all categories
goal-source = From: { $source }
goal-no-source = Where does it come from? Note it with `source:`, so that you can judge it later.
goal-about = -# Lancers publishes no line: this is your own estimate, and is shown as one.
goal-line-missing = Which line? Your goal stays as it was. Write it with `line:`, for example `line:1,000,000`.
calibrate-none = Nothing was noted yet. Look at your page on Lancers and tell me what it shows, for example `/calibrate reply_rate:92.3 replies:40`
calibrate-title = **What Lancers displays** ({ $day })
calibrate-figure = { $name }: **{ $value }**
calibrate-replies = Number of replies
calibrate-recorded = My record of the same year: { $oldest } ({ $on_time } of { $replies } on time; counted from the newest message { $newest })
calibrate-both = ✅ Both readings of the rule agree with it.
calibrate-oldest = ✅ Counting from the **oldest** unanswered message agrees with it, counting from the newest does not.
calibrate-newest = ❗ Counting from the **newest** message agrees with it, counting from the oldest does not.
calibrate-neither = ❗ Neither reading agrees with it: something is recorded wrongly or not at all (`/history`).
calibrate-unseen = { $count ->
    [one] Lancers counts **one reply** that I cannot have seen.
   *[other] Lancers counts **{ $count } replies** that I cannot have seen.
} Until they have left the year, `/status` shows an estimate with its bounds.
calibrate-too-many = { $count ->
    [one] I have recorded **one reply** that Lancers does not count.
   *[other] I have recorded **{ $count } replies** that Lancers does not count.
} See `/history`.
calibrate-nothing = There is nothing to compare yet. Once replies are recorded, I compare them here.
calibrate-future = { $day } lies in the future, so nothing was noted. On which day did Lancers show this?
calibrate-share = "{ $written }" is no percentage; nothing was noted. Write for example 92.3 or 92.
calibrate-evaluation = "{ $written }" is no number of stars; nothing was noted. Write for example 4.9.
preference-review-day-unreadable = "{ $written }" is no day of the month; your settings stay as they were. Write 1 to 31, or nothing if you do not know it.
preference-digest-unknown = There is no digest "{ $written }"; your settings stay as they were. Choose off, monthly or weekly.

note-missing-completion-rate = No such job is entered for the past year: `/job add`
note-missing-task-approval = No jobs are entered: `/job add`
note-missing-earnings = No job of the category is entered for the past year: `/job add`
note-missing-earnings-line = Lancers publishes no line. Set your own estimate: `/goal`
note-missing-evaluation = No job of the past year was given stars: `/job add`
note-missing-satisfaction = No job of the past year was evaluated: `/job add`
note-missing-profile = Tick your checklist: `/profile`
note-missing-last-login = Enter the day you last logged in at Lancers: `/profile`
note-missing-reply-rate = Not known yet. Forward me a client's message.
note-estimate = { $unseen ->
    [one] An estimate: one reply from before my record counts, too.
   *[other] An estimate: { $unseen } replies from before my record count, too.
} Between { $worst } and { $best }; fades out by { $until }.
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
threshold-own = { $line }, your estimate
threshold-since = since { $day }
detail-title = **Every figure, its rule, its rows — edition { $edition }**
detail-figure = ### { $name }: { $value } (line { $line }) — { $status }
detail-rule-reply-rate = Replies within 24 h of the oldest unanswered message ÷ replies made, past year; judged from 5 replies on.
detail-rule-completion-rate = Completed ÷ all jobs of the past year that the edition counts; contests are left out.
detail-rule-task-approval = Approved ÷ all tasks of the past year; not judged without tasks.
detail-rule-earnings = The completed jobs of the past year in your goal's category, contests included, against your own estimate of the top-20 % line.
detail-rule-evaluation = The average of the stars given in the past year; jobs without stars are left out.
detail-rule-satisfaction = 満足 ÷ evaluated jobs of the past year; 3.0 stars and more count as 満足.
detail-rule-profile = Nine items, all of them filled in.
detail-rule-last-login = Within one calendar month.
detail-rows = { $count ->
    [0] _No rows._
    [one] _One row:_
   *[other] _{ $count } rows:_
}
detail-reputation = ### 24 h reply rate (no criterion in this edition, shown as reputation)
detail-reply = { $mark } { $thread }: { $asked } → { $replied } ({ $span })
status-rate-recorded = **24 h reply rate, recorded replies alone** { $rate }
    `{ $bar }`
