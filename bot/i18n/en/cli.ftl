# The command line: its options, standing, forecast, check, fee and move-database.

cli-about = Nintei reminds Lancers freelancers before each 24-hour reply window closes. Without a command: the bot, or without a token its rehearsal.
cli-usage = The command line cannot be understood: { $reason } (see --help).
cli-file = { $path } cannot be read: { $reason }.
cli-empty = { $name } has an empty value. Write one; in a script, check that the variable is set.
cli-stream-long = The input has more than { $most } MB. Put it into a file, or check what writes it.
cli-timezone = There is no time zone "{ $written }". Write for example Asia/Tokyo or Europe/Berlin.
cli-as-of = "{ $written }" is not an ISO 8601 time for --as-of. Write for example 2026-11-23T12:00:00+09:00.
cli-one-amount = Give exactly one of an amount, --hours with --hourly-rate, --take-home and --client-pays.
cli-rehearsing = DISCORD_TOKEN is not set, so a rehearsal starts on this machine alone.
cli-windows = This command needs Linux or macOS: Windows has no such lock on a file. Use WSL 2 or a container (docs/operate.md).
cli-help-version = print the version and end
cli-help-run = run the bot on Discord
cli-help-rehearse = play a member's day without Discord
cli-help-move = move everything to another database, SQLite to PostgreSQL or back; stop the bot first
cli-help-move-from = the database that is left: sqlite:///PATH or postgresql://…
cli-help-move-to = an empty database; run again, a move that was cut off goes on
cli-help-interactive = type yourself
cli-help-standing = judge a history file
cli-help-fee = estimate what a job costs and pays
cli-help-history = CSV: thread,direction,sent_at and optionally kind
cli-help-as-of = the moment to judge at (now)
cli-help-edition = the year of the rules to judge by
cli-help-timezone = the zone of times without an offset
cli-help-json = print JSON
cli-help-amount = the contract, for example 75000, 75,000 or 7.5万
cli-help-tax = whether the amount includes consumption tax
cli-help-method = how the job is paid
cli-help-certified = the freelancer has the badge
cli-help-compensation = the client's 2 % for certified members
cli-help-on = the day of the contract (today)
cli-help-withholding = a corporate client withholds income tax
cli-help-take-home = find the contract that leaves this
cli-help-client-pays = find the largest contract within this budget of the client
cli-fee-hourly = Calculated as a project. For hourly work add --method hourly.
cli-help-hours = hours worked: with --hourly-rate instead of an amount
cli-help-hourly-rate = the pay of an hour
cli-help-count = equal pieces: fees are taken of one and multiplied
cli-help-client-discount = the client has the continuous client's discount
cli-help-jobs = CSV of jobs: date,method,category,reward,outcome,evaluation and optionally client, count; a reward is the contract amount before fees
cli-help-category = the category whose earnings count (all); several times, each with its --line
cli-help-rank = the rank that Lancers shows; it wins over what the criteria say
cli-help-line = your own estimate of the category's top-20 % threshold, before fees; several times, in pairs with --category
cli-help-profile = the profile items that are filled in: all, or a list with commas
cli-help-last-login = the day of the last log-in
cli-help-forecast = the reply rate at the coming reviews, if nothing more happens
cli-help-reviews = how many reviews (12)
cli-help-review-day = the day of the month on which Lancers reviews (1, assumed)
cli-help-check = may I still reply in a conversation, and what would it change?
cli-help-thread = the conversation, as the history names it
cli-goal-pairs = --category ({ $categories ->
    [one] once
   *[other] { $categories } times
}) and --line ({ $lines ->
    [one] once
   *[other] { $lines } times
}) come in pairs: give as many of one as of the other.
cli-profile = "{ $written }" is not a profile item. Choose from { $known }, or write all.
cli-whole = "{ $written }" is not a whole number from { $least } to { $most } for { $option }.
cli-help-displayed = the reply rate that Lancers displayed, to estimate what the history lacks: 92.5
cli-help-displayed-replies = the number of replies that it is the rate of: 40
cli-help-displayed-on = the day on which it was displayed: 2026-11-22
cli-displayed-incomplete = Give all three of --displayed, --displayed-replies and --displayed-on, or none.
cli-displayed-future = { $day } is after the moment that is judged. Give the day of the display with --displayed-on.
cli-help-page = try it on a page in the browser
cli-help-port = the page's port (any free one)
cli-help-doctor = is everything as it should be? One line a check; exit status 1 if there is something to do
cli-help-doctor-all = compare all conversations with a recomputation, not only a sample
cli-help-doctor-fix = recompute every conversation that differs; the bot may run
cli-help-backup = copy the database to a new file; the bot may run
cli-help-backup-file = a file that does not exist yet
cli-help-restore = put a backup in the place of the database, which is kept under another name; stop the bot first
cli-help-restore-file = a file that backup made
cli-help-members = how many members there are: counts only, no names and no ids
cli-help-announce = tell all members something by direct message, once each, not in their quiet hours
cli-help-announce-text = what to tell them, up to 1,500 characters
cli-help-announce-now = in quiet hours too
cli-help-announce-status = show what became of the last announcements
cli-help-announce-json = print JSON (with --status)
cli-help-wait = wait until the running bot has carried it out, and print the outcome
cli-help-erase = erase everything about a Discord user, as their own /erase would
cli-help-block = record nothing of a Discord user and send them nothing; what is stored stays until it is erased
cli-help-unblock = end a block
cli-help-user-id = the Discord user's id

standing-verdict-met = ✅ All criteria are met
standing-verdict-not-met = ❌ Not all criteria are met
standing-verdict-unknown = ❔ Not everything is known yet
standing-title = Certified Lancer, rules of { $edition }, as of { $at }
standing-rate = 24 h reply rate
standing-rate-none = no replies in the past year
standing-slack = { $slack ->
    [0] No late reply is allowed now
    [one] One more late reply is allowed
   *[other] { $slack } more late replies are allowed
}
standing-needed = { $needed ->
    [one] One more reply within 24 h is needed
   *[other] { $needed } more replies within 24 h are needed
}
standing-late = { $late } late{ $ambiguous ->
    [0] {""}
   *[other] , { $ambiguous } of them only by the oldest unanswered message (by the newest: { $newest } on time)
}
displayed-too-old = The figures displayed on { $day } are more than a year old, so nothing is estimated from them.
displayed-all-recorded = Of the figures displayed on { $day } no reply is missing in the history, so nothing is estimated.
displayed-estimate = { $unseen ->
    [0] An estimate: none of the replies that the history lacks is likely to count any more.
    [one] An estimate: one reply that the history lacks counts, too.
   *[other] An estimate: { $unseen } replies that the history lacks count, too.
}
displayed-not-judged = The reply rate is not judged: its worst and its best case differ.
standing-criteria = Criterion
standing-value = Value
standing-line = Needs
standing-status = Status
standing-waiting = Waiting for your reply
standing-due = due { $at }
standing-overdue = overdue since { $at }
standing-nothing-waits = Nobody is waiting for your reply.
standing-editions = Rules of other years: { $others } (--edition).
standing-rank = Rank: { $rank }
standing-rank-declared = Rank: { $rank } (declared)
standing-rank-next = Next rank, { $rank }: { $gap }
standing-missing = { $name }: unknown — { $lacks }
standing-missing-completion-rate = no such job in the past year; give them with --jobs
standing-missing-task-approval = no jobs are known; give them with --jobs
standing-missing-earnings = no completed job of the category in the past year; give them with --jobs
standing-missing-earnings-line = Lancers does not publish the threshold; give your own estimate with --line
standing-missing-evaluation = no job of the past year was given stars; give them with --jobs
standing-missing-evaluation-ended = stars ended in February 2022; give jobs that have some with --jobs, or use --edition 2024
standing-missing-satisfaction = no job of the past year was evaluated; give them with --jobs
standing-missing-profile = give the items that are filled in with --profile
standing-missing-last-login = give the day with --last-login
standing-left-out = { $name }: { $count ->
    [one] one job was not given this kind of evaluation and is left out
   *[other] { $count } jobs were not given this kind of evaluation and are left out
}

forecast-title = 24 h reply rate at the coming reviews, if nothing more happens after { $at }
forecast-assumed = Lancers publishes no day; the first of the month is assumed (--review-day sets another).
forecast-safe = The rate is first met at the review of { $day }.
forecast-never-safe = The rate is met at none of these reviews: more replies within 24 h are needed.
forecast-leaves = { $count ->
    [one] The late reply leaves the year:
   *[other] The late replies leave the year:
}
forecast-leaves-line = { $day }  { $thread }, replied { $replied }
forecast-not-judged = Below { $minimum } replies in a year Lancers does not judge the rate.

check-open = "{ $thread }": there is still time. A reply by { $due } counts as on time.
check-overdue = "{ $thread }": the 24 hours ended { $due }. A reply in this conversation would count as late.
check-open-other-site = "{ $thread }": there is still time, until { $due }. It is not on Lancers, so it does not affect the reply rate.
check-overdue-other-site = "{ $thread }": the 24 hours ended { $due }. It is not on Lancers, so it does not affect the reply rate.
check-nothing-waiting = "{ $thread }": no message is unanswered. What you send doesn't count.
check-unknown-thread = The history has no conversation of that name.
check-neutral = A message in a new thread, or no reply, does not affect the reply rate. Under contract, get in touch even late.
check-margin = , late replies allowed { $slack }
check-reply = A reply now: { $change }{ $margin }
check-new-thread = A message in a new thread: stays { $before }{ $margin }
check-no-reply = No reply: stays { $before }{ $margin }

move-table = { $table }: { $rows }
move-done = Every row was moved and compared. Set DATABASE_URL to the new database before you start the bot, and keep the old one as a backup.
cli-file-refused = { $path } cannot be used: { $reason }. Check the path, and the permissions of the folders above it.
cli-output-refused = The output could not be written: { $reason }. Make room, or send it elsewhere.
cli-internal-error = An error in the program ({ $error_type } at { $place }). Please report it with the version and what you did.
