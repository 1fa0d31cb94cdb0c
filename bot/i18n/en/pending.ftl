# The list of unanswered threads.

pending-none = Nothing waits. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
pending-title = **Waiting for your answer: { $count }**
pending-open = { $thread }
    since { $since } · until { $at } ({ $counting })
pending-overdue = ⚠️ { $thread }
    since { $since } · closed { $at } ({ $counting })
pending-follow-ups = 🪤 **Careful:** { $threads } — dismissed, but their last message is unanswered. A further message there would count as late.
    { $advice }

window-answered = You replied to the message of this card at { $at }. Nothing was changed.
window-dismissed = The message of this card was marked "no reply needed". Nothing was changed.
window-not-received = The message of this card was corrected to one that you sent. Nothing was changed.
window-not-shown = The message that this card announced no longer waits for a reply. Nothing was changed.
window-open-now = This is what waits now:

shown-open-short = { $thread } — { $at } ({ $counting })
shown-closed-short = ⚠️ { $thread } — closed { $at }
shown-answered = ✅ { $thread } — replied at { $at } ({ $verdict })
shown-dismissed = 🔕 { $thread } — no reply needed
shown-new-thread = 🧵 { $thread } — sent in a new thread
shown-sent = 📤 { $thread } — corrected to your own reply
shown-removed = ↩️ This message was undone
shown-snoozed = 🔔 I will remind you again at { $at } ({ $left })
