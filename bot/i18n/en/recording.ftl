# Receipts, the receipt of a batch, questions, and why something is not recorded.

receipt-received = 📥 From { $thread }
receipt-sent = 📤 Your reply to { $thread }
receipt-dismissed = 🔕 { $thread }: no reply needed. I will not remind you; answering later in this thread would still count.
receipt-new-thread = 🧵 { $thread }: you wrote in a new thread. It is no reply and counts nowhere; I will not remind you.
receipt-undone = ↩️ Undone: { $thread }, { $at }. It is as if it had never been recorded.
receipt-repeated = _Recorded before; nothing was counted twice._
receipt-corrected = _Corrected._
receipt-at = { $at } — { $read }
receipt-read = { $source }, { $exactness }
receipt-due = Answer until { $at } ({ $left })
receipt-closed = The 24 hours have passed. An answer in this thread would count as late. Two ways do not count: a message in a **new thread**, or **no answer**.
receipt-newer-window = Counted from their newest message you have until { $at }. Lancers does not say which message counts.
receipt-reminders = 🔔 Reminders: { $times }
receipt-muted = 🔕 You muted this client (`/mute`): no reminders.
receipt-is-the-reminder = ⏰ No reminder is left before then: **this is your reminder**.
receipt-answered = Answered already.
receipt-verdict-on-time = ✅ Within 24 hours ({ $span })
receipt-verdict-late = ⚠️ Late: { $span } after their message
receipt-verdict-ambiguous = ❔ { $span } after their oldest unanswered message, within 24 hours of their newest. Lancers does not say which one counts; I count it as late.
receipt-counts-nowhere = Nothing of theirs was unanswered, so this counts nowhere.
receipt-rate = Reply rate { $before } → { $after }
receipt-which-client = **Who wrote this?** It is recorded and its reminders run.
receipt-which-thread = **Which thread is it?** It is recorded and its reminders run.
receipt-looks-final = 💬 **This reads like the end of a conversation. No reply needed?** You decide. If you dismiss it, write later in a **new thread**: a further message here after 24 hours counts as late.
receipt-verdicts = Verdict: { $before } → { $after }

source-mail = from the mail's own date
source-quoted = from the date in the forwarded header
source-posted = when it was posted on Discord
source-written = as you wrote it
source-button = by button
source-imported = imported

precision-second = to the second
precision-minute = to the minute
precision-about = about

question-time = I read a message from { $client }, but not when it arrived. **When did they write?** Nothing is recorded yet.
question-replied-time = When did you reply to { $client }? The deadline has passed, so the time decides whether you replied within it. Nothing is recorded yet.
question-event = { $client }: what should I record? Nothing is recorded yet.
question-client = **Who wrote to you?** ({ $at }) Nothing is recorded yet.
question-replied-client = **Who did you reply to?** ({ $at }) Nothing is recorded yet.
question-new-client = Is this message ({ $at }) from a new client, “{ $client }”? Nothing is recorded yet.
question-new-client-near = Is this message ({ $at }) from a new client, “{ $client }”? If you mean a client shown below, choose that one. Nothing is recorded yet.
question-replied-new-client = Is this reply ({ $at }) to a new client, “{ $client }”? Nothing is recorded yet.
question-replied-new-client-near = Is this reply ({ $at }) to a new client, “{ $client }”? If you mean a client shown below, choose that one. Nothing is recorded yet.
question-moment = Message from { $client } — **do you mean { $at }?** I worked this out from the date you wrote, so please confirm it. Nothing is recorded yet.
question-replied-moment = Your reply to { $client } — **do you mean { $at }?** I worked this out from the date you wrote, so please confirm it. Nothing is recorded yet.
question-nothing-waits = { $client } is not waiting for a reply. Record your reply ({ $at }) anyway? Nothing is recorded yet.
question-dismissed-client = **Which conversation needs no reply?** Nothing is recorded yet.
question-unclear = I do not understand some of the words. If this is a client's message, **choose who wrote it.** Its text is not stored. Nothing is recorded yet.
question-unknown-mail = This is a mail from Lancers with a subject I do not know ({ $at }). If it announces a client's message, **choose who wrote it.** Nothing is recorded yet.
question-start = This is an invitation ({ $at }). Ignoring it does not affect your reply rate. If you plan to reply, start the clock. Nothing is recorded yet.
question-badge = Lancers says you are now a Certified Lancer. **Should I note that you hold the badge?**
question-thread = **Which conversation did you reply to?** Nothing is recorded yet.
question-thread-none = I know no thread with { $client } to which this could be a reply. Record what you received first, with `/received` or by forwarding it.
question-trap = ⚠️ Your message to { $client } ({ $at }) **would count as a late reply.** Their last message closed the conversation or was dismissed, more than 24 hours before. Nothing is recorded yet.
question-trap-cost = Reply rate { $before } → { $after }

badge-noted = 🏅 Congratulations! I noted that you hold the badge.

draft-not-recorded = Do not record
draft-enter-time = Enter a time…
draft-enter-received-time = Enter when it arrived…
draft-now = now
draft-cancelled = All right, nothing was recorded.
draft-new-thread = 🧵 All right, a new thread: it is no reply and counts nowhere. Nothing was recorded as a reply.

mail-review-figures = A mail with your current figures. There is nothing to answer. I do not read its body.
mail-not-lancers = This mail is not from Lancers. Nothing was recorded.
mail-login-code = This is a log-in code. I neither stored nor read it: please do not forward such mails to anybody, and delete the message here.

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

batch-title = 📥 **{ $count } received**
batch-waits = · { $thread } — answer until { $at } ({ $left })
batch-closed = ⚠️ { $thread } — closed { $at } ({ $left })
batch-unsorted = ❓ { $thread } ({ $at }) **Who, and which thread?** Recorded; closes { $left }
batch-counted = · { $thread } ({ $at }) — { $counted }
batch-repeated = { $line } _(recorded before)_
batch-event = ❓ { $client } — needs your answer: what to record
batch-client = ❓ needs your answer: who it was ({ $at })
batch-new-client = ❓ needs your answer: is “{ $client }” new? ({ $at })
batch-moment = ❓ { $client } — needs your answer: { $at }?
batch-nothing-waits = ❓ { $client } — needs your answer: nobody is waiting
batch-dismissed-client = ❓ needs your answer: which conversation needs no reply
batch-unknown-mail = ❓ needs your answer: a mail from Lancers with an unknown subject ({ $at })
batch-unclear = ❓ needs your answer: a text that was not understood
batch-time = ❓ { $client } — **When did it arrive?** Not recorded yet
batch-start = ❓ An invitation ({ $at }) — start the clock if you plan to reply
batch-badge = ❓ You were certified — **should the badge be noted as held?**
batch-thread = ❓ { $client } — **Which conversation did you reply to?** Not recorded yet
batch-trap = ❓ { $client } — **Should it count as a reply?** Not recorded yet
batch-refused = ⚠️ { $reason }
batch-note = · { $note }
batch-more = … and { $count } more
batch-rate = Reply rate { $rate }
batch-choose = Look at one, or put it right …

edited-message = ✏️ You edited your message. The record is still { $thread } ({ $at }). Shall I correct it?
edited-choose = Choose what to correct …
edited-time = Correct the time to { $at }
edited-client = Correct the client to { $client }
