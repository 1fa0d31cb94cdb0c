# Criteria, and how they stand.
criterion-reply-rate = 24 h reply rate
criterion-completion-rate = Completion rate
criterion-task-approval = Task approval
criterion-earnings = Earnings of the past year
criterion-evaluation = Evaluation
criterion-satisfaction = Satisfaction
criterion-profile = Profile items
criterion-last-login = Last log-in
threshold-earnings = top 20 % of the category, not published
threshold-last-login = within 1 month
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
certification-edition-unknown = There is no edition "{ $written }". Choose one of { $known }.
certification-login-future = A last log-in on { $day } lies in the future. Give a past day.
