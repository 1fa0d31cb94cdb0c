# The list of unanswered threads.

pending-none = Nothing waits. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
pending-title = **Waiting for your answer: { $count }**
pending-open = { $thread }
    since { $since } · until { $at } ({ $counting })
pending-overdue = ⚠️ { $thread }
    since { $since } · closed { $at } ({ $counting })
pending-follow-ups = 🪤 **Careful:** { $threads } — dismissed, but their last message is unanswered. A further message there would count as late.
    { $advice }
