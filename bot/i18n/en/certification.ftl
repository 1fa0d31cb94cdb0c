# The criteria of certification, and where their rules are known from.

criterion-reply-rate = 24 h reply rate
criterion-completion-rate = Completion rate
criterion-task-approval = Task approval
criterion-earnings = Earnings of the past year
criterion-evaluation = Evaluation by clients
criterion-satisfaction = Satisfaction
criterion-profile = Profile items
criterion-last-login = Last log-in
criterion-short-reply-rate = reply rate
criterion-short-completion-rate = completion rate
criterion-short-task-approval = task approval
criterion-short-earnings = earnings
criterion-short-evaluation = evaluation
criterion-short-satisfaction = satisfaction
criterion-short-profile = profile
criterion-short-last-login = last log-in

edition-name = { $key ->
        [y2024] Today's rules (2024 on)
        [y2022] Rules of 2022 (to January 2024)
        [y2020] Rules of about 2020 (to January 2022)
        [y2016] Rules of the 2016 article
       *[other] Rules of { $year }
    }
edition-about = { $key ->
        [y2024] satisfaction of 95 % or more, but no reply rate.
        [y2022] satisfaction of 95 % or more, reply rate of 80 % or more; from February 2022.
        [y2020] evaluation of 4.8 or more, reply rate of 80 % or more; its first day is not known.
        [y2016] reply rate of 80 % or more, evaluation of 4.8 or more.
       *[other] the rules of { $year }.
    }

confidence-official = official
confidence-article = blog article
confidence-secondary = users' articles
confidence-assumed = assumed

rule-source = { $confidence ->
    [official] official, { $source }
    [article] blog article (about 2016)
    [secondary] users' articles, { $source }
   *[assumed] assumed, { $source }
}

certification-edition-unknown = There are no rules of the year "{ $written }". Choose one of { $known }.
certification-login-future = { $day } is in the future. Give the day of your last log-in.

# The ranks of Lancers.

rank-none = none
rank-regular = Regular
rank-bronze = Bronze
rank-silver = Silver
rank-certified = Certified
rank-unknown = not known
rank-missing = missing: { $list }
rank-not-known = not known: { $list }
rank-complete = everything it needs is there
criterion-first-job = One job taken
profile-introduction-length = Self-introduction of 300 characters or more
profile-background = One career entry or qualification
profile-skill-or-portfolio = One skill, portfolio entry or package
rank-by-criteria = not entered (by criteria)
rank-from-badge = { $rank } (you said that you have the badge)
rank-declared = { $rank } (as you said on { $day })
rank-line = 🎖️ Rank: **{ $rank }**
rank-line-declared = 🎖️ Rank: **{ $rank }** (as you said on { $day })
rank-line-badge = 🎖️ Rank: **{ $rank }** (you said that you have the badge)
rank-line-next = { " " }→ next **{ $rank }** ({ $gap })
rank-gap-join = {"; "}
rank-name-join = {", "}
rank-more = { $names } and { $count } more
