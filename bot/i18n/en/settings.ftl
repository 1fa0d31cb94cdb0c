# What a member can set.

settings-title = **Your settings**

preference-line = { $name }: **{ $value }**
preference-none = none
preference-timezone = Time zone
preference-timezone-example = Asia/Tokyo
preference-locale = Language
preference-edition = Judged by
preference-badge = Badge
preference-lead-times = Reminders before the deadline
preference-lead-times-example = 12h,4h,1h
preference-quiet-hours = Quiet hours
preference-quiet-hours-example = 23:00-07:00
preference-locale-unknown = There is no language "{ $written }" here; your settings stay as they were. Choose ja or en.
preference-zone-unknown = There is no time zone "{ $written }"; your settings stay as they were. Write for example Asia/Tokyo or Europe/Berlin.
preference-zone-several = Several time zones are called "{ $written }"; your settings stay as they were. Write one of them: { $zones }
preference-review-day-unreadable = "{ $written }" is not a day of the month; your settings stay as they were. Write 1 to 31, or "none" if you do not know it.
preference-digest-unknown = There is no digest "{ $written }"; your settings stay as they were. Choose off, monthly or weekly.
preference-badge-since = Day of the badge
preference-last-login = Last log-in at Lancers
preference-unreadable = ⚠️ { $name }: I cannot read the stored value "{ $written }", so the default is used. Please choose again with `/settings`.
fallback-member-permission = You may not write in that channel, so I do not post there for you; your settings stay as they were. Choose a channel in which you may write.
fallback-bot-permission = I may not write in that channel; your settings stay as they were. Choose another channel, or let me view it and send messages there.
preference-review-day = Lancers' review day
preference-review-day-example = 1 to 31; empty: not known
preference-rank = Rank that Lancers shows
preference-rank-unknown = There is no rank "{ $written }"; your settings stay as they were. Choose one from the list.
preference-rank-on = Day on which you entered the rank
preference-digest = Digest
preference-keep = Old records
preference-announcements = Messages from the operator
preference-fallback = Channel when I cannot reach you

locale-default = As in Discord
locale-ja = 日本語
locale-en = English

settings-edition-in-force = -# In force today: { $edition }, according to users' articles
edition-option-in-force = In force today, according to users' articles: { $about }

badge-held = certified since { $since }
badge-unknown-choice = unknown
badge-held-choice = certified
badge-not-held-choice = not certified
badge-since-unreadable = I cannot read "{ $written }" as a day; your settings stay as they were. Write for example 2026/11/1.

review-day-assumed = not known, the 1st is assumed
review-day-set = day { $day } of each month

digest-every-off = off
digest-every-monthly = after each review
digest-every-weekly = after each review and every Monday

keep-yes = kept
keep-no = deleted after { $months } months (jobs: kept until the end of the following year)
keep-stop = Delete old records
