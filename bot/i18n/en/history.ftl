# The history: its entries, why each counts as it does, and corrections.

history-none = Nothing is recorded yet. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
history-title = **Your record: { $count ->
    [one] one entry
   *[other] { $count } entries, newest first
}**
history-entry = { $what }
    -# { $at } · { $why }
history-received = 📥 { $thread }
history-sent = 📤 { $thread }
history-dismissed = 🔕 { $thread }
history-new-thread = 🧵 { $thread }
history-contact-request = 📣 { $thread }
history-contacted = ✅ { $thread }
history-last = -# Last step: { $what }, { $at }

reason-on-time = Counts as on time: { $span } after what you received { $asked }.
reason-late = Counts as late: { $span } after what you received { $asked }.
reason-ambiguous = Counted as late: { $span } after their oldest unanswered message ({ $asked }), but within 24 hours of the newest ({ $newest }). Lancers does not say which one counts.
reason-waiting = Waits for your reply, due { $due }.
reason-dismissed = Taken off your list. A reply in this conversation would still be judged (due { $due }).
reason-dismissed-other-site = Taken off your list. It is not on Lancers, so a reply doesn't count.
reason-nowhere = Doesn't count.
reason-dismissal = Not a reply: doesn't count.

verdict-on-time = on time
verdict-late = late
verdict-ambiguous = late (ambiguous)
verdict-waiting = waiting
verdict-dismissed = no reply needed
verdict-nowhere = doesn't count
verdict-dismissal = not a reply

verdicts = { $on_time } on time, { $late } late{ $ambiguous ->
    [0] {""}
   *[other] {" "}({ $ambiguous } of them ambiguous)
}

step-recorded = recorded
step-time = time corrected
step-direction = direction corrected
step-moved = moved
step-split = split
step-merged = merged
step-deleted = deleted
step-restored = restored
step-marked = under contract, or not on Lancers
step-imported = imported

edit-merged = { $count ->
    [one] 🔗 Merged, one message: { $threads }
   *[other] 🔗 Merged, { $count } messages: { $threads }
}
edit-split = { $count ->
    [one] ✂️ Split, one message: { $threads }
   *[other] ✂️ Split, { $count } messages: { $threads }
}
edit-undone = { $count ->
    [0] ↩️ Undone ({ $what }): { $threads }
    [one] ↩️ Undone ({ $what }, one message): { $threads }
   *[other] ↩️ Undone ({ $what }, { $count } messages): { $threads }
}
edit-verdicts = How these conversations count: { $before } → { $after }
edit-nothing-to-split = This is the first message of its conversation, so there is nothing to split off. Nothing was changed.
edit-nothing-to-merge = There is no other conversation to merge with. Nothing was changed.
edit-too-many-parts = This conversation was split too often already. Move the message to one with a name of its own.
edit-nothing-to-undo = There is nothing to undo. Nothing has changed.
edit-step-gone = This step was undone already, or a newer one came after it. Nothing was changed; see `/history`.
edit-begins = Undoing it…
edit-undone-before = The last step was "{ $what }". Undo it? Nothing was changed yet; `/history` corrects other steps.
edit-take-back = Undo it
