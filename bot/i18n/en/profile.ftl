# What the member declares: the profile, the goal, the figures Lancers displays.

profile-title = **Your profile on Lancers: { $filled } of 9**
profile-line = { $mark } { $item } ({ $day })
profile-login = 🔑 Last log-in: { $day }
profile-none = 👇 Choose below what is filled in or verified.
profile-confirm = No change (confirmed today)
profile-rank-title = **What ranks need**
profile-rank = Rank that Lancers shows: { $rank }
profile-choose = Choose items…
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

goal-none = No goal is set. Lancers does not publish the top-20 % threshold, so earnings stay unknown. Set your own estimate for each category, in contract amounts before fees: `/goal category:Web line:1,000,000 source:…`
goal-line = 🎯 { $category }: { $line } a year ({ $day })
goal-all = all categories
goal-source = From: { $source }
goal-no-source = Where does it come from? Record it with `source:`, so that you can check it later.
goal-about = -# Lancers does not publish the threshold: this is your own estimate, and is shown as one. Add or change: `/goal category:… line:…`; remove: `/goal category:… drop:True`
goal-before-fees = -# The amounts are contract amounts before fees, of projects, contests and tasks together.
goal-one-is-enough = The criterion is met as soon as you reach one of them.
goal-reports = For comparison: what users wrote at the time. None of them is the threshold.
goal-report-enough = { $amount } was enough, somebody reported ({ $day }, { $source })
goal-report-median = half of { $count } certified members had { $amount } or less, somebody reported ({ $day }, { $source })
goal-report-lowest = { $amount } was the least of { $count } open profiles, somebody reported ({ $day }, { $source })
goal-too-many = You can have { $most } goals at most; nothing was changed. Remove one that you do not need: `/goal category:… drop:True`
goal-which = You have several goals; nothing was changed. Say which one to remove with its category: `/goal category:… drop:True`
goal-unknown = You have no goal for "{ $written }"; nothing was changed. `/goal` lists them.
goal-line-missing = Which amount? Your goal stays as it was. Write it with `line:`, for example `line:1,000,000`.

form-goal-category = Category (empty: all)
form-goal = Your estimate of the threshold
form-displayed = Figures that Lancers displays
calibrate-replies-unreadable = "{ $written }" is not a number of replies. Nothing was recorded. Example: 40
calibrate-none = Nothing was recorded yet. Look at your page on Lancers and tell me what it shows, for example `/calibrate reply_rate:92.5 replies:40`
calibrate-title = **What Lancers displays** ({ $day })
calibrate-figure = { $name }: **{ $value }**
calibrate-figure-of = { $line } ({ $day })
calibrate-replies = Number of replies
calibrate-recorded = My record of the same year: { $replies ->
    [0] no replies
   *[other] { $on_time } of { $replies } within 24 h{ $newest ->
        [same] {""}
       *[other] ; counted from the newest message { $newest }
    }
}
calibrate-now = The reply rate now: { $rate }{ $estimate }
calibrate-both = ✅ Both readings of the rule agree with it.
calibrate-oldest = ✅ Counting from the **oldest** unanswered message agrees with it, counting from the newest does not.
calibrate-newest = ❗ Counting from the **newest** message agrees with it, counting from the oldest does not.
calibrate-neither = ❗ Neither reading agrees with it: something is recorded wrongly or not at all (`/history`).
calibrate-unseen = { $count ->
    [one] Lancers counts **one reply** that I cannot have seen.
   *[other] Lancers counts **{ $count } replies** that I cannot have seen.
} Until they are more than a year old, every reply rate is an estimate that counts them, with its worst and best case.
calibrate-no-rate = Record the reply rate, too, and I estimate with the replies that I cannot have seen.
calibrate-too-old = These figures were displayed more than a year ago, so nothing is estimated from them. Record today's.
calibrate-all-left = The replies that I cannot have seen are estimated to be more than a year old now, so none of them counts any more.
calibrate-older = Recorded as displayed on { $day }. Where a newer display is known, that one counts.
calibrate-no-replies = Without replies there is no reply rate. Give 1 reply or more. Nothing was recorded.
calibrate-too-many = { $count ->
    [one] I have recorded **one reply** that Lancers does not count.
   *[other] I have recorded **{ $count } replies** that Lancers does not count.
} See `/history`.
calibrate-nothing = There is nothing to compare yet. Once replies are recorded, I compare them here.
calibrate-rate-missing = Record the reply rate that Lancers displays, too, and I compare it with my record.
calibrate-impossible = { $replies ->
    [one] One reply
   *[other] { $replies } replies
} cannot have a rate of { $rate } %. The nearest are { $nearest_rate } % of { $replies } and { $rate } % of { $nearest_replies }. Which one does Lancers show? Give the rate and the number of replies together; nothing was recorded.
calibrate-future = { $day } is in the future, so nothing was recorded. On which day did Lancers show this?
calibrate-evaluation = "{ $written }" is not a number of stars; nothing was recorded. Write 1 to 5 with at most two decimals, for example 4.9.
