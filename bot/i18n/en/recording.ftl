# Receipts, the receipt of a batch, questions, and why something is not recorded.

receipt-received = 📥 From { $thread }
receipt-sent = 📤 Your reply to { $thread }
receipt-dismissed = 🔕 { $thread }: no reply needed. I will not remind you; replying later in this conversation would still count.
receipt-new-thread = 🧵 { $thread }: you wrote in a new thread. It is not a reply and doesn't count; I will not remind you.
receipt-undone = ↩️ Undone: { $thread }, { $at }. It is as if it had never been recorded.
receipt-repeated = _Recorded before; nothing was counted twice._
receipt-corrected = _Corrected._
receipt-unchanged = _Nothing was changed: it is recorded that way already._
receipt-restored = _Restored._
receipt-at = { $at }
    -# { $read }
receipt-read = { $source }, { $exactness }
receipt-due = Reply by { $at } ({ $left })
receipt-closed = The 24 hours have passed. A reply in this conversation would count as late. A message in a **new thread** doesn't count.
receipt-closed-contract = -# If the work is under contract, do stay in touch: after 7 days without a message from you the client may apply for 連絡催促.
receipt-counts-from-first = The deadline counts from their first unanswered message ({ $at }).
receipt-enter-client = Enter the client…
receipt-newer-window = Counted from their newest message you have until { $at }. Lancers does not say which message counts.
receipt-reminders = 🔔 I remind you by { $times } at the latest
receipt-reminders-sent = 🔔 All reminders of this deadline were sent.
receipt-muted = 🔕 You muted this client (`/mute`): no reminders.
receipt-is-the-reminder = ⏰ No reminder can be sent before then: **this is your reminder**.
receipt-answered = Replied already.
receipt-verdict-on-time = ✅ Within 24 hours ({ $span })
receipt-verdict-late = ⚠️ Late: { $span } after their message
receipt-verdict-ambiguous = ❔ { $span } after their oldest unanswered message, within 24 hours of their newest. Lancers does not say which one counts; I count it as late.
receipt-dismissed-contract = 🔕 { $thread }: no reply needed. It is under contract, so I will remind you once when the message is 96 hours old.
receipt-dismissed-other-site = 🔕 { $thread }: no reply needed. I will not remind you.
receipt-contacted = ✅ { $thread }: the request to get in touch (連絡催促) is done. I will not remind you of it.
receipt-contact-request = 📣 { $thread }: a request to get in touch (連絡催促)
receipt-request-ended = ✅ This request is done.
receipt-closed-other-site = The 24 hours have passed. This is not on Lancers, so it does not affect your reply rate.
receipt-closed-in-contract = It is under contract: get in touch, even late. A client who has not heard from you for 7 days may apply for 連絡催促; after 168 more hours without a message from you the job is cancelled or paid out, once support has checked.
receipt-counts-nowhere = No message of theirs was unanswered, so this doesn't count.
receipt-rate = Reply rate { $before } → { $after }{ $estimate }
receipt-which-client = **Who wrote this?** It is recorded, and reminders are on.
receipt-which-thread = **Which conversation is it?** It is recorded, and reminders are on.
receipt-looks-final = 💬 **This reads like the end of a conversation. No reply needed?** You decide. If you dismiss it, write later in a **new thread**: a further message here after 24 hours counts as late.
receipt-verdicts = Counts as: { $before } → { $after }

correct-title = **What should be corrected?**
correct-received = 📥 From { $thread } · { $at }
correct-sent = 📤 Your reply to { $thread } · { $at }
correct-time = Time
correct-client = Client, conversation
correct-to-sent = It was my reply
correct-to-received = It was the client's
correct-move = Move to another conversation…

source-mail = from the mail's own date
source-quoted = from the date in the forwarded header
source-posted = when it was posted on Discord
source-written = as you wrote it
source-button = by button
source-imported = imported

precision-second = to the second
precision-minute = to the minute
precision-about = approximately

question-time = I read a message from { $client }, but not when it arrived. **When did they write?** Nothing is recorded yet.
question-replied-time = When did you reply to { $client }? The deadline has passed, so the time decides whether you replied within it. Nothing is recorded yet.
question-event = { $client }: what should I record? Nothing is recorded yet.
question-new-client-event = Is it a message from a new client, “{ $client }”? **When did it arrive?** Nothing is recorded yet.
question-client = **Who wrote to you?** ({ $at }) Nothing is recorded yet.
question-replied-client = **Who did you reply to?** ({ $at }) Nothing is recorded yet.
question-new-client = Is this message ({ $at }) from a new client, “{ $client }”? Nothing is recorded yet.
question-new-client-near = Is this message ({ $at }) from a new client, “{ $client }”? If you mean a client shown below, choose that one. Nothing is recorded yet.
question-whose = Is the message ({ $at }) from a new client, “{ $client }”?
question-whose-near = Is the message ({ $at }) from a new client, “{ $client }”? If you mean a client shown below, choose that one.
question-replied-new-client = Is this reply ({ $at }) to a new client, “{ $client }”? Nothing is recorded yet.
question-replied-new-client-near = Is this reply ({ $at }) to a new client, “{ $client }”? If you mean a client shown below, choose that one. Nothing is recorded yet.
question-moment = Message from { $client } — **do you mean { $at }?** I worked this out from the date you wrote, so please confirm it. Nothing is recorded yet.
question-replied-moment = Your reply to { $client } — **do you mean { $at }?** I worked this out from the date you wrote, so please confirm it. Nothing is recorded yet.
question-nothing-waits = { $client } is not waiting for a reply. Record your reply ({ $at }) anyway? Nothing is recorded yet.
question-dismissed-client = **Which conversation needs no reply?** Nothing is recorded yet.
question-unclear = I do not understand some of the words. If this is a client's message, **choose who wrote it.** Its text is not stored. Nothing is recorded yet.
question-unknown-mail = This is a mail from Lancers with a subject I do not know ({ $at }). If it announces a client's message, **choose who wrote it.** Nothing is recorded yet.
question-contact-request = 📣 A mail about **連絡催促**: there are 168 hours to get in touch. **When did it come?** Nothing is recorded yet.
question-contract = A mail of Lancers about a contract or the start of a job ({ $at }). **Which conversation is under contract?** Nothing is changed yet.
question-other-site = A mail of { $site } ({ $at }). If a client wrote, I can remind you. **It never counts in your reply rate.** Nothing is recorded yet.
question-start = This is an invitation ({ $at }). Ignoring it does not affect your reply rate. If you plan to reply, start the 24 hours. Nothing is recorded yet.
question-badge = Lancers says you are now a Certified Lancer. **Should I record that you have the badge?**
question-thread = **Which conversation did you reply to?** Nothing is recorded yet.
question-answered = ☑️ This question is closed; the result is in the message below.
question-thread-none = No conversation with { $client } is recorded to which this could be a reply. Record what you received first, with `/received` or by forwarding it.
question-trap = ⚠️ Your message to { $client } ({ $at }) **would count as a late reply.** Their last message closed the conversation or was dismissed, more than 24 hours before. **Record it as a reply?** Nothing is recorded yet.
question-trap-cost = Reply rate { $before } → { $after }{ $estimate }

badge-noted = 🏅 Congratulations! I recorded that you have the badge.

draft-not-recorded = Do not record
draft-not-decided = Not now
draft-remind-of-it = Remind me…
draft-contract-began = A contract began
draft-new-client = New client “{ $client }”
draft-new-client-now = New client “{ $client }”: now
draft-enter-time = Enter a time
draft-enter-received-time = Enter when it arrived
draft-now = now
draft-cancelled = All right, nothing was recorded.
draft-new-thread = 🧵 All right, a new thread: it is not a reply and doesn't count. Nothing was recorded as a reply.

mail-review-figures = A mail with your current figures. It needs no reply. I do not read its body.
mail-not-lancers = This mail is not from Lancers. Nothing was recorded.
mail-login-code = This is a log-in code. I neither stored nor read it: please do not forward such mails to anybody, and delete the message here.

recording-message-gone = This record is no longer there: it was undone, moved or erased. Nothing was changed; see `/history`.
recording-thread-gone = This conversation is no longer there: it was merged or erased. Nothing was changed; see `/pending`.
recording-undone = This was recorded and then undone, so it was not recorded again. To record it, forward it once more.

recording-draft-gone = This question is closed. Nothing was changed.
recording-nothing-waits = Nothing in this conversation is waiting for your reply: you replied already, or no reply is needed. `/pending` shows what else is waiting.
recording-window-closed = The 24 hours have passed, so there is nothing left to remind you of. Before you send, ask `/check`.
recording-time-missing = When was it? Nothing is recorded yet. Write for example `yesterday 14:30`.
recording-future = { $at } is in the future; nothing is recorded yet. Write when it was, for example `yesterday 14:30` or `3h ago`.
recording-reply-before-received = No message before that time is recorded in this conversation, so a reply then cannot be recorded. Nothing was changed. Record what you received first: forward it, or `/received client:Studio A at:yesterday 14:30`.
recording-client-missing = Who was it? Nothing is recorded yet. Write the client's name, for example `Studio A yesterday 14:30`.
recording-not-a-message = "No reply needed" and the like cannot be corrected, only undone. Nothing was changed.

menu-nothing = This is a message of the bot or of Discord itself, so there is nothing to record. Choose one between you and a client.
menu-notification = This tells of a message from a client, so it cannot be your reply. Record when you replied with `/replied`, or with the buttons of `/pending`.

batch-title = 📥 **{ $count } received**
batch-waits = · { $thread } — reply by { $at } ({ $left })
batch-closed = ⚠️ { $thread } — overdue since { $at } ({ $left })
batch-unsorted = ❓ { $thread } ({ $at }) **Who, and which conversation?** Recorded; due { $left }
batch-counted = · { $thread } ({ $at }) — { $counted }
batch-repeated = { $line } _(recorded before)_
batch-event = ❓ { $client } — what should I record?
batch-client = ❓ Who was it? ({ $at })
batch-new-client = ❓ Is “{ $client }” a new client? ({ $at })
batch-moment = ❓ { $client } — do you mean { $at }?
batch-nothing-waits = ❓ { $client } — is not waiting for a reply: record it anyway?
batch-dismissed-client = ❓ Which conversation needs no reply?
batch-unknown-mail = ❓ A mail from Lancers with an unknown subject ({ $at }): who wrote?
batch-unclear = ❓ A text that I do not understand: who wrote it?
batch-contact-request = ❓ A mail about 連絡催促 — **when did it come?** Nothing is recorded yet
batch-contract = ❓ A mail about a contract ({ $at }) — which conversation?
batch-other-site = ❓ A mail of { $site } ({ $at }) — shall I remind you?
batch-time = ❓ { $client } — **When did it arrive?** Not recorded yet
batch-start = ❓ An invitation ({ $at }) — start the 24 hours if you plan to reply
batch-badge = ❓ You were certified — **should I record that you have the badge?**
batch-thread = ❓ { $client } — **Which conversation did you reply to?** Not recorded yet
batch-trap = ❓ { $client } — **Should it count as a reply?** Not recorded yet
batch-refused = ⚠️ { $reason }
batch-note = · { $note }
batch-more = … and { $count } more
batch-choose = Choose one to check or correct …

edited-message = ✏️ You edited your message. The record is still { $thread } ({ $at }). Shall I correct it?
edited-choose = Choose what to correct …
edited-time = Correct the time to { $at }
edited-client = Correct the client to { $client }
