# Labels of buttons, selects and forms that several features share.

more-rows = … and { $count } more.

choose-window = Choose a client to reply to
choose-thread = Client or conversation…
choose-another = Another conversation…
choose-merge = **Which one is the same conversation?** Everything moves into the one you choose.

action-time = Wrong time
action-dismiss = No reply needed
action-undo = Undo
action-correct = Correct…
action-back = Back
action-restore = Restore
action-from-lancers = Yes, it is Lancers'
action-not-lancers = It is not
action-now = Replied now
action-ten-ago = Replied 10 min ago
action-thirty-ago = Replied 30 min ago
action-other-time = Replied at another time…
action-new-thread = Wrote in a new thread
action-snooze = Later…
action-half-hour = In 30 min
action-two-hours = In 2 hours
action-tomorrow-morning = Tomorrow morning ({ $at })
action-this-morning = In the morning ({ $at })
action-mute = Mute this client
action-contract = Under contract
action-contract-end = Contract ended
action-other-site = Not on Lancers
action-on-lancers = On Lancers
action-on-lancers-page = Lancers
action-contact-request = It was 連絡催促
action-contacted = Done
action-unmute = Unmute
action-open = Replied…
action-start = Start the 24 hours
action-held = Yes, I have it
action-drop = No
action-timezone = Time zone
action-lead-times = Reminders
action-quiet-hours = Quiet hours
action-count-it = It was in this conversation
action-elsewhere = It was a new thread
action-look = Open
action-split = New conversation from here
action-merge = Merge with another
action-revert = Undo this step
action-received-now = I received it now
action-at-now = Just now
action-at-ten-ago = 10 minutes ago
action-at-hour-ago = 1 hour ago
action-as-read = Yes, that time
action-client = Another client…
action-anyway = Record it anyway
action-confirm = Yes, do it
action-confirm-messages = Erase, and delete my messages here too
action-take = Import
action-logged-in = Logged in today
action-review-day = Review day
action-keep = Keep old records
action-stop = No more of these

pagination-before = ← Previous
pagination-after = Next →
pagination-of = Page { $page } of { $pages }

action-again = Add it as another job

form-time = When was it?
form-time-field = Date and time
form-time-example = yesterday 14:30, 11/22 9:05, 3h ago
form-client = Client or conversation
form-client-field = Client
form-client-example = Studio A
form-title-field = Job or conversation (optional)
form-title-example = Logo design

button-unknown = This button no longer works, and nothing was changed. Open the card again with `/pending` or `/settings`.

form-unknown = This form no longer works, and nothing was changed. Open the card again with `/pending` or `/history`.
options-contradict = { $options ->
    [badge-rank] `badge` and `rank`
    [since-rank] `badge_since` and `rank`
    [fallback] `fallback` and `no_fallback`
    [drop-line] `drop` and `line`
    [drop-source] `drop` and `source`
   *[badge-since] `badge` and `badge_since`
} contradict each other; nothing was changed. Give only one of them.
form-late = It took too long to open the form. Nothing was changed: please press the button again.
command-unknown = I do not know this command, or what was entered with it; Discord may still show an older version. Nothing was recorded. Please restart Discord (on a computer press Ctrl+R) and try again.
form-typed = You typed: { $values }
action-detail = Details
action-forecast = Forecast
action-pending = Waiting
action-fill = Fill in…
action-profile = Profile…
action-goal = Earnings goal…
action-displayed = Figures on Lancers…
