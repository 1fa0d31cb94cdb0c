# The list of unanswered threads.

pending-none = Nobody is waiting for your reply. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
pending-title = **{ $count ->
    [one] { $count } client is waiting for your reply
   *[other] { $count } clients are waiting for your reply
}**
pending-title-conversations = **{ $count ->
    [one] { $count } conversation is waiting for your reply
   *[other] { $count } conversations are waiting for your reply
}**
pending-title-long-overdue = **Overdue for more than a week: { $count }**
pending-due = ⏳ due { $at } ({ $counting })
pending-due-overdue = ⚠️ overdue ({ $counting })
pending-contract-overdue = -# Do get in touch: the client may apply for 連絡催促.
pending-line = ⏳ { $counting } { $thread }
pending-line-overdue = ⚠️ { $counting } { $thread }
pending-more = More…
pending-choose = Choose a client…
pending-option = due { $at }
pending-option-overdue = overdue since { $at }
pending-long-overdue = -# Overdue for more than a week: { $count }
pending-show-long-overdue = Show
pending-dismiss-several = Several need no reply
pending-several-title = **Choose what needs no reply.** It is recorded at once; you can undo it.
pending-choose-several = One or more…
pending-back = ← Back to the list
pending-replied = ✅ { $thread }: replied at { $at }
pending-replied-late = ⚠️ { $thread }: replied at { $at } (counts as late)
pending-dismissed = ✅ Marked "no reply needed": { $threads }
pending-in-new-thread = ✅ Recorded as sent in a new thread: { $threads }
pending-undone = ↩️ Undone: { $threads }
pending-follow-ups-many = { $names } and others
pending-follow-ups = 🪤 **Careful:** { $threads } — off your list, but their last message has no reply in that conversation. A further message there would count as late.
    { $advice }

window-answered = You have replied to the message of this card already ({ $at }). Nothing was changed.
window-dismissed = The message of this card was already taken off your list. Nothing was changed.
window-not-received = The message of this card was corrected to one that you sent. Nothing was changed.
window-not-shown = The message that this card announced no longer waits for a reply. Nothing was changed.
window-open-now = This is waiting for your reply now:

shown-open-short = { $thread } — { $at } ({ $counting })
shown-newer-window = -# From their oldest unanswered message the 24 hours passed { $at }. The deadline above counts from what they wrote after that; Lancers does not say which one counts.
shown-closed-short = ⚠️ { $thread } — overdue ({ $counting })
shown-answered = ✅ { $thread } — replied at { $at } ({ $verdict })
shown-answered-elsewhere = ✅ { $thread } — replied { $at }
shown-request-ended = ✅ { $thread } — 連絡催促 done { $at }
shown-dismissed = ☑️ { $thread } — no reply needed
shown-new-thread = 🧵 { $thread } — sent in a new thread
shown-sent = 📤 { $thread } — corrected to your own reply
shown-removed = ↩️ This record was undone
shown-snoozed = 🔔 I will remind you again at { $at } ({ $left })

as-of = {" "}(as of { $at })
