# Whether a reply would still count, what closes during an absence, and the digest.

advice-late = -# A reply there now: { $change }{ $margin }. A message in a **new thread**: stays { $before }.
advice-reply = A reply now: { $change }{ $margin }
advice-neutral = Two ways change nothing: a message in a **new thread** (新規メッセージを作成), or **no reply**.
advice-dismissed = It is off your list, but their message has no reply in this conversation, so a further message here would be judged as one. Two ways change nothing: a message in a **new thread** (新規メッセージを作成), or **no reply**.

advice-contract = This is under contract: get in touch, even late. A client who has not heard from you for 7 days may apply for **連絡催促**. A message in a **new thread** (新規メッセージを作成) does not affect the rate.
check-card-overdue-other-site = ⌛ { $thread }: the 24 hours ended { $at }. Your reply rate is not affected.
check-card-nothing-waiting-other-site = ✅ { $thread }: no message is unanswered.
away-worst-case-contract = Worst case, you reply to all of them only after your return: { $change }{ $margin }.
away-overdue-contract = { $count ->
    [one] One conversation is
   *[other] { $count } conversations are
} overdue already. Where it is under contract, reply even late; elsewhere a message in a new thread does not affect the rate.
away-over-a-day-contract = ⚠️ This is longer than 24 hours: messages that arrive meanwhile may pass their deadline before you see them. A message in a **new thread** (新規メッセージを作成) afterwards does not affect the rate.
away-contract = 📄 Under contract, after 7 days without a message from you the client may apply for **連絡催促**. Tell the client before you leave.
check-client-missing = Who is it? Write the client's name, or choose one of the suggestions.
check-nobody = There is no conversation with { $client } in your record. If they wrote to you, record that first: forward the message, or use `/received`.
check-ambiguous = ❔ Counted from their newest message the 24 hours are not over yet. Lancers does not say which one counts; I count from the oldest unanswered one.
check-off-list = You took it off your list of what waits.
check-card-open = ⏰ { $thread }: there is still time. Reply by { $at } ({ $left }).
check-card-overdue = ⚠️ { $thread }: the 24 hours ended { $at }. A reply in this conversation would count as late.
check-card-nothing-waiting = ✅ { $thread }: no message is unanswered. What you send doesn't count.

check-unassigned = Which of the conversations with this client the message belongs to is not decided yet: `/pending`

away-title = **Away from { $leaves } to { $returns }**
away-ends-with-day = You are counted as away for all of the last day.
away-closing = { $count ->
    [one] **One reply is due meanwhile.** Reply before you leave:
   *[other] **{ $count } replies are due meanwhile.** Reply before you leave, in this order:
}
away-line = { $place }. { $thread }: due { $at }
away-worst-case = Worst case, you reply to all of them only after your return: { $change }{ $margin }. No reply: stays { $before }.
away-nothing = ✅ No reply is due meanwhile.
away-overdue = { $count ->
    [one] One conversation is overdue already; there only a message in a **new thread** or **no reply** leaves the rate as it is.
   *[other] { $count } conversations are overdue already; there only a message in a **new thread** or **no reply** leaves the rate as it is.
}
away-over-a-day = ⚠️ You are away for more than 24 hours: messages that arrive meanwhile may pass their deadline before you see them. Not replying to them, or a message in a **new thread** afterwards, does not affect the rate.
away-order = Your return ({ $returns }) is not later than your departure ({ $leaves }). Write `from` and `to` in this order.
away-range = From { $leaves } to { $returns } is not an upcoming absence. It must end in the future and last a year at most.

digest-title = **Digest since { $since }**
digest-rate = Reply rate of the past year: **{ $rate }** ({ $counted }){ $estimate }
digest-rate-few = { $replies ->
    [0] No replies in the past year; the reply rate is calculated once there are { $minimum }.
    [one] One reply in the past year; the reply rate is calculated once there are { $minimum }.
   *[other] { $replies } replies in the past year; the reply rate is calculated once there are { $minimum }.
}
digest-slack = { $slack ->
    [0] No late reply is allowed any more
    [one] One more late reply is allowed
   *[other] { $slack } more late replies are allowed
}
digest-needed = { $needed ->
    [one] One more reply within 24 h is needed
   *[other] { $needed } more replies within 24 h are needed
}
digest-rank = 🎖️ Your rank has changed since the last digest: **{ $before }** → **{ $after }**
digest-no-replies = No replies in this period.
digest-median = { $count ->
    [one] One reply, after { $span }
   *[other] { $count } replies; half of them within { $span }
}
digest-slowest = Slowest: { $client }, half of the replies after { $span } or more
digest-near-misses = { $count ->
    [one] ⏰ One reply within the last hour before its deadline: { $threads }
   *[other] ⏰ { $count } replies within the last hour before their deadline: { $threads }
}
digest-waiting = { $count ->
    [one] One client is waiting for your reply — `/pending`
   *[other] { $count } clients are waiting for your reply — `/pending`
}
digest-waiting-conversations = { $count ->
    [one] One conversation is waiting for your reply — `/pending`
   *[other] { $count } conversations are waiting for your reply — `/pending`
}
digest-off = -# Less or more often: `/settings digest`
