# What the bot says in Discord.

thread-nobody = _somebody (not named yet)_
thread-nobody-plain = not named yet
thread-titled = { $client } · { $title }
span-both = { $hours } h { $minutes } min
span-hours = { $hours } h
span-minutes = { $minutes } min

internal-error = Something went wrong on our side. Nothing that was confirmed before is lost. Please try again in a moment.
greeting = Hello, this is Nintei. My reminders will come here, as this message did. New here? `/start` shows you round.
dm-open = I sent you a direct message: reminders will come there.
dm-refused = **Discord does not let me send you direct messages, so no reminder can reach you.** Your record is kept. Open them: press and hold (right-click) the server → Privacy Settings → Direct Messages, or add me to your account. I try again with your next record; until then look at `/pending`.
dm-unsure = Discord did not take my direct message just now. Your record is kept; I try again with the next one.

# Receipts
receipt-received = 📥 From { $thread }
receipt-sent = 📤 Your reply to { $thread }
receipt-dismissed = 🔕 { $thread }: no reply needed. I will not remind you; answering later in this thread would still count.
receipt-new-thread = 🧵 { $thread }: you wrote in a new thread. It is no reply and counts nowhere; I will not remind you.
receipt-undone = ↩️ Undone: { $thread }, { $at }. It is as if it had never been recorded.
receipt-repeated = _Recorded before; nothing was counted twice._
receipt-corrected = _Corrected._
receipt-at = { $at } — { $read }
receipt-read = { $source }, { $exactness }
source-mail = from the mail's own date
source-quoted = from the date in the forwarded header
source-posted = when it was posted on Discord
source-written = as you wrote it
source-button = by button
source-imported = imported
precision-second = to the second
precision-minute = to the minute
precision-about = about
receipt-due = Answer until { $at } ({ $left })
receipt-closed = The 24 hours have passed. An answer in this thread would count as late. Two ways do not count: a message in a **new thread**, or **no answer**.
receipt-newer-window = Counted from their newest message you have until { $at }. Lancers does not say which message counts.
receipt-reminders = 🔔 Reminders: { $times }
receipt-is-the-reminder = ⏰ No reminder is left before then: **this is your reminder**.
receipt-answered = Answered already.
receipt-verdict-on-time = ✅ Within 24 hours ({ $span })
receipt-verdict-late = ⚠️ Late: { $span } after their message
receipt-verdict-ambiguous = ❔ { $span } after their oldest unanswered message, within 24 hours of their newest. Lancers does not say which one counts; I count it as late.
receipt-counts-nowhere = Nothing of theirs was unanswered, so this counts nowhere.
receipt-rate = Reply rate { $before } → { $after }
receipt-which-client = **Who wrote this?** It is recorded and its reminders run.
receipt-which-thread = **Which thread is it?** It is recorded and its reminders run.

# Questions
question-time = I read a message from { $client }, but not when it was sent. **When did they write?** Nothing is recorded yet.
question-start = An invitation ({ $at }). Ignoring it costs nothing. If you want to answer it, start the clock:
question-badge = Lancers says you are a Certified Lancer. **Shall I note that you hold the badge?**
question-thread = **Which thread did you answer?** Nothing is recorded yet.
question-thread-none = I know no thread with { $client } to which this could be a reply. Record what you received first, with `/received` or by forwarding it.
badge-noted = 🏅 Congratulations! I noted that you hold the badge.
draft-cancelled = All right, nothing was recorded.

mail-review-figures = A mail with your current figures. There is nothing to answer. I do not read its body.
mail-no-window = This mail of Lancers opens no reply window. Nothing was stored.
mail-login-code = This is a log-in code. I neither stored nor read it: please do not forward such mails to anybody, and delete the message here.

# What is missing
missed-title = **While I could not reach you**
missed-undeliverable = ⚠️ A reminder for { $thread } (until { $closes }) could not be delivered.
missed-expired = ⚠️ The reminder for { $thread } came too late (until { $closes }).
more-rows = … and { $count } more.
missed-unread = ⚠️ I could not read what you sent me since { $since }. What was recorded before is kept; please forward the rest again.

# Controls
choose-thread = Choose the client or thread
choose-another = Another client or thread…
action-time = Time wrong
action-move = Other client or thread
action-turn = This was my reply
action-turn-back = This was the client's
action-dismiss = No reply needed
action-undo = Undo
action-now = Replied now
action-ten-ago = 10 min ago
action-thirty-ago = 30 min ago
action-other-time = Other time
action-new-thread = Wrote in a new thread
action-later = Later ({ $at })
action-open = Answered…
action-start = Start the clock
action-held = Yes, I hold it
action-drop = No
action-timezone = Time zone
action-lead-times = Reminders
action-quiet-hours = Quiet hours
pagination-before = ← Before
pagination-after = Next →
pagination-of = Page { $page } of { $pages }

form-time = When was it?
form-time-field = Date and time
form-time-example = yesterday 14:30, 11/22 9:05, 3h ago
form-client = Client or thread
form-client-field = Client
form-client-example = Studio A
form-title-field = Job or thread (may stay empty)
form-title-example = Logo design

# Reminders
reminder-title = { $count ->
    [one] ⏰ **One client waits for your answer**
   *[other] ⏰ **{ $count } clients wait for your answer**
}
reminder-overnight = { $count ->
    [one] 🌙 **One window closes while you sleep**
   *[other] 🌙 **{ $count } windows close while you sleep**
}
reminder-late = _This reminder is late by { $span }: I was away._
reminder-closed-title = **The 24 hours have passed**
reminder-open = { $thread } — **{ $left }** left, until { $at } ({ $counting })
reminder-closed = { $thread }: closed { $at }. An answer in this thread would now count as late. Two ways do not count: a message in a **new thread** (新規メッセージを作成), or **no answer**.
snooze-set = 🔔 { $thread }: I will remind you at { $at } ({ $left }).
pending-none = Nothing waits. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
pending-title = **Waiting for your answer: { $count }**
pending-open = { $thread }
    since { $since } · until { $at } ({ $counting })
pending-overdue = ⚠️ { $thread }
    since { $since } · closed { $at } ({ $counting })

# Status
status-badge-held = 🏅 **Certified Lancer** since { $since }
status-badge-held-undated = 🏅 **Certified Lancer**
status-badge-not-held = **Badge: not held**
status-badge-unknown = **Badge: unknown** — tell me in `/settings`
status-review = Next review: { $date } (assumed; Lancers reviews monthly and names no day)
status-criterion = { $mark } { $name }: { $value } (line { $line }) — { $status }
status-rate = **24 h reply rate** { $rate }
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

# Fees
fee-title = **{ $contract }** contract ({ $tax } tax included)
fee-client-side = The client pays **{ $amount }**
fee-member-side = You keep **{ $amount }**
fee-line = { $name }: { $amount } — { $rule } ({ $confidence })
fee-note = ※ { $note }
fee-target = For { $target } the smallest contract is **{ $contract }**{ $exact ->
    [yes] { "." }
   *[no] , which gives { $gives }. Nearest: { $below } / { $above }.
}
fee-one-amount = Give one of the three: an amount, what you want to keep, or what the client pays. For example `/fee amount:50,000`.

# Settings
settings-title = **Your settings**
preference-line = { $name }: **{ $value }**
preference-none = none
preference-timezone = Time zone
preference-timezone-example = Asia/Tokyo
preference-locale = Language
preference-edition = Edition of the rules
preference-badge = Badge
preference-lead-times = Reminders before the end
preference-lead-times-example = 12h,4h,1h
preference-quiet-hours = Quiet hours
preference-quiet-hours-example = 23:00-07:00
locale-default = As in Discord
locale-ja = 日本語
locale-en = English
edition-named = { $edition }
badge-unknown = unknown
badge-held = held since { $since }
badge-not-held = not held
badge-unknown-choice = unknown
badge-held-choice = held
badge-not-held-choice = not held
badge-since-unreadable = I cannot read "{ $written }" as a day; your settings stay as they were. Write for example 2026/11/1.
preference-locale-unknown = There is no language "{ $written }" here; your settings stay as they were. Choose ja or en.
preference-zone-unknown = There is no time zone "{ $written }"; your settings stay as they were. Write for example Asia/Tokyo or Europe/Berlin.

# Refusals
button-unknown = This button does nothing any more, and nothing was changed. Ask for the card again with `/pending` or `/settings`.
recording-message-gone = This record is not there (any more), or is somebody else's. Nothing was changed; see `/history`.
recording-thread-gone = This thread is not there (any more), or is somebody else's. Nothing was changed; see `/pending`.
recording-draft-gone = This question was answered already, or is somebody else's. Nothing was changed.
recording-nothing-waits = Nothing waits in this thread: it was answered or dismissed already. `/pending` shows what else waits.
recording-window-closed = The 24 hours have passed, so there is nothing left to remind you of. Before you send, ask `/check`.
recording-time-missing = When was it? Nothing is recorded yet. Write for example `yesterday 14:30`.
recording-future = { $at } lies in the future; nothing is recorded yet. Write when it was, for example `yesterday 14:30` or `3h ago`.
recording-reply-before-received = Before that time I know no message you could have answered in this thread, so your reply is not recorded yet. Record what you received first: forward it, or `/received client:Studio A at:yesterday 14:30`.
recording-client-missing = Who was it? Nothing is recorded yet. Write the client's name, for example `Studio A yesterday 14:30`.
recording-not-a-message = "No reply needed" and the like cannot be put right, only undone. Nothing was changed.
menu-nothing = This is a message of the bot or of Discord itself, so there is nothing to record. Choose one between you and a client.
menu-notification = This tells of a message from a client, so it cannot be your reply. Record when you replied with `/replied`, or with the buttons of `/pending`.

# Commands
menu-received = Record as received
menu-replied = Record as my reply
command-status = Where you stand on the Certified Lancer badge
command-fee = What a job costs the client and pays you
command-pending = Clients that wait for your answer
command-received = Record a client's message
command-replied = Record your reply
command-settings = Time zone, language, edition, badge, reminders, review day, digest
option-client = client
option-client-received = Who wrote to you
option-client-replied = Whom you answered
option-at = at
option-at-about = When: yesterday 14:30, 11/22 9:05, 3h ago (now if empty)
option-thread = thread
option-thread-about = The job or thread, where a client has several
option-view = view
option-view-about = What to show
view-summary = Summary
view-rules = The rules and their sources
option-amount = amount
option-amount-about = The contract: 50,000, 5万
option-tax = tax
option-tax-about = Whether the amount includes consumption tax
option-method = method
option-method-about = How the job is paid
option-certified = certified
option-certified-about = Whether you hold the badge (as in your settings if empty)
option-take-home = take_home
option-take-home-about = Instead of an amount: what you want to keep
option-client-pays = client_pays
option-client-pays-about = Instead of an amount: what the client pays in all
option-compensation = compensation
option-compensation-about = The client's 2 % for certified Lancers (edition 2016)
option-on = on
option-on-about = The day of the contract: 2026-11-23 (today if empty)
option-withholding = withholding
option-withholding-about = Whether a corporate client withholds income tax
tax-included = tax included
tax-excluded = tax excluded
method-project = Project (fixed price)
method-hourly = Hourly
method-task = Task
method-contest = Contest
compensation-waived = waived (campaign)
compensation-charged = charged
option-timezone = timezone
option-timezone-about = For example Asia/Tokyo
option-locale = locale
option-locale-about = The language I speak to you
option-edition = edition
option-edition-about = The edition of the rules to judge by
option-badge = badge
option-badge-about = Whether Lancers has certified you
option-badge-since = badge_since
option-badge-since-about = Since which day: 2026/11/1
option-lead-times = lead_times
option-lead-times-about = How long before the end: 12h,4h,1h
option-quiet-hours = quiet_hours
option-quiet-hours-about = When I keep silent: 23:00-07:00, or none
command-check = May I still answer this client here, and what would it do?
command-away = What closes while you are away, and what to answer before
command-job = The jobs that the other criteria go by
command-job-add = Enter a job
command-job-edit = Put an entry right
command-job-list = Your jobs, newest first
command-job-remove = Take an entry out
command-profile = The nine items of your profile, and your last log-in
command-goal = Your own estimate of the top-20 % line of earnings
command-calibrate = Tell me what Lancers displays, and hold it against my record
command-history = Your record with why each entry counted; corrections and undo
command-import = Bring along messages and jobs: CSV, JSON, eml, zip
command-export = Take everything about you along, as CSV and JSON
command-erase = Erase everything about you
view-detail = Every figure with its rule, source and rows
view-forecast = The coming 12 reviews
option-client-check = Whom you would like to answer
option-client-job = For whom
option-from = from
option-from-about = When you leave: 12/29 18:00, tomorrow
option-to = to
option-to-about = When you are back: 1/4, 1/4 9:00
option-job = job
option-job-about = Which entry
option-reward = reward
option-reward-about = What you were paid, each: 50,000, 5万, 0
option-date = date
option-date-about = The day it ended: 2026/11/22, 11/22 (today if empty)
option-category = category
option-category-about = The category on Lancers
option-category-goal = The category whose earnings count (all if empty)
option-outcome = outcome
option-outcome-about = Whether it was completed (a task: approved)
option-evaluation = evaluation
option-evaluation-about = Stars 1 to 5, 満足 or 残念; "-" takes it out again
option-evaluation-calibrate = The stars that Lancers displays: 4.9
option-count = count
option-count-about = How many equal jobs this entry stands for
option-last-login = last_login
option-last-login-about = The day you last logged in at Lancers
option-line = line
option-line-about = Your estimate of the line in yen: 1,000,000
option-source = source
option-source-about = Where the estimate comes from
option-drop = drop
option-drop-about = Have no goal any more
option-reply-rate = reply_rate
option-reply-rate-about = The displayed 24 h reply rate: 92.3
option-replies = replies
option-replies-about = The displayed number of replies
option-on-calibrate = On which day: 2026/11/22 (today if empty)
option-completion-rate = completion_rate
option-completion-rate-about = The displayed completion rate: 98
option-task-approval = task_approval
option-task-approval-about = The displayed task approval rate: 95
option-satisfaction = satisfaction
option-satisfaction-about = The displayed share of 満足: 97
option-earnings = earnings
option-earnings-about = The displayed earnings of the past year
option-file = file
option-file-about = .csv, .json (my export), .eml, or a .zip of these
option-review-day = review_day
option-review-day-about = The day of the month on which Lancers reviews you, if you know it
option-digest = digest
option-digest-about = How often I tell you how it went
option-keep = keep_old
option-keep-about = Keep rows older than 13 months
option-fallback = fallback
option-fallback-about = A channel for when direct messages cannot reach you
option-no-fallback = no_fallback
option-no-fallback-about = No such channel any more
