# The criteria of certification, and where their rules are known from.

criterion-reply-rate = 24 h reply rate
criterion-completion-rate = Completion rate
criterion-task-approval = Task approval
criterion-earnings = Earnings of the past year
criterion-evaluation = Evaluation
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

confidence-official = official
confidence-article = blog article
confidence-secondary = secondary source
confidence-assumed = assumed

rule-source = { $confidence ->
    [official] official, { $source }
    [article] blog article (about 2016)
    [secondary] secondary source, { $source }
   *[assumed] assumed, { $source }
}

certification-edition-unknown = There is no edition "{ $written }". Choose one of { $known }.
certification-login-future = A last log-in on { $day } lies in the future. Give a past day.
