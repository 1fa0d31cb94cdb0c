# Whether a reply would still count, what closes during an absence, and the digest.

advice-late = -# A reply there now: { $before } → { $after }{ $estimate }, slack { $slack } → { $left }. A message in a **new thread**: stays { $before }.
advice-late-published = -# A reply there now: { $before } → { $after }{ $estimate }. A message in a **new thread**: stays { $before }.
advice-reply = A reply now: { $before } → { $after }{ $estimate }, slack { $slack } → { $left }
advice-reply-published = A reply now: { $before } → { $after }{ $estimate }
advice-neutral = Two ways change nothing: a message in a **new thread** (新規メッセージを作成), or **no reply**.
advice-dismissed = You dismissed this; their message is still unanswered, so a further message here would be judged as a reply. Two ways change nothing: a message in a **new thread** (新規メッセージを作成), or **no reply**.

check-nobody = I know no conversation with { $client }. If they wrote to you, record it first: forward it, or `/received`.
check-card-open = ⏰ { $thread }: yes, until { $at } ({ $left }).
check-card-overdue = ⚠️ { $thread }: the 24 hours ended { $at }. A reply in this conversation would count as late.
check-card-nothing-waiting = ✅ { $thread }: nothing is unanswered. Write freely: it counts nowhere.

away-title = **Away from { $leaves } to { $returns }**
away-ends-with-day = The last day counts as a whole.
away-closing = { $count ->
    [one] **One window closes meanwhile.** Answer before you leave:
   *[other] **{ $count } windows close meanwhile.** Answer before you leave, in this order:
}
away-line = { $place }. { $thread }: until { $at }
away-worst-case = Worst case, you reply to all of them only after your return: { $before } → { $after }{ $estimate }, slack { $slack } → { $left }. No reply: stays { $before }.
away-worst-case-published = Worst case, you reply to all of them only after your return: { $before } → { $after }{ $estimate }. No reply: stays { $before }.
away-nothing = ✅ No window that I know of closes meanwhile.
away-overdue = { $count ->
    [one] One conversation is overdue already; only a new thread or no reply is neutral there.
   *[other] { $count } conversations are overdue already; only a new thread or no reply is neutral there.
}
away-over-a-day = ⚠️ You are away for more than 24 hours: what comes in meanwhile can close unseen. Not replying to it, or a message in a **new thread** afterwards, costs nothing.
away-order = You would be back ({ $returns }) before you leave ({ $leaves }). Write `from` and `to` in this order.
away-range = From { $leaves } to { $returns } is no coming absence. It must end in the future and last a year at most.

digest-title = **How it went since { $since }**
digest-rate = Reply rate of the past year: **{ $rate }** ({ $counted }){ $estimate }
digest-rate-few = { $replies ->
    [0] No replies in the past year; the reply rate is computed from { $minimum } on.
    [one] One reply in the past year; the reply rate is computed from { $minimum } on.
   *[other] { $replies } replies in the past year; the reply rate is computed from { $minimum } on.
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
digest-no-replies = No replies in this time.
digest-median = { $count ->
    [one] One reply, after { $span }
   *[other] { $count } replies; half of them within { $span }
}
digest-slowest = Slowest: { $client }, half of the replies after { $span } or more
digest-near-misses = { $count ->
    [one] ⚠️ One near miss, within an hour of the line: { $threads }
   *[other] ⚠️ { $count } near misses, within an hour of the line: { $threads }
}
digest-waiting = { $count ->
    [one] One conversation waits — `/pending`
   *[other] { $count } conversations wait — `/pending`
}
digest-off = -# Less or more often: `/settings digest`
