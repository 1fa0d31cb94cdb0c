# Whether direct messages reach the member, and what did not.

internal-error = This failed because of an error in the bot. Nothing that was recorded before is lost. Please try again in a moment.
answer-refused = Discord did not take the answer to this. `/pending` and `/history` show what is recorded.

greeting = Hello, this is Nintei. My reminders will come here, as this message did. New here? `/start` explains the first steps.

dm-open = I sent you a direct message: reminders will come there.
dm-refused = **Discord does not let me send you direct messages, so no reminder can reach you.** Your record is kept. Open them: press and hold (right-click) the server → Privacy Settings → Direct Messages, or add me to your account. I try again with your next record; until then look at `/pending`.
dm-unsure = Discord did not take my direct message just now. Your record is kept; I try again with the next one.

missed-title = **While I could not reach you**
missed-undeliverable = ⚠️ A reminder for { $thread } (due { $closes }) could not be delivered.
missed-expired = ⚠️ The reminder for { $thread } came too late (due { $closes }).
missed-contract-undeliverable = ⚠️ A notice about 連絡催促 for { $thread } (under contract) could not be delivered.
missed-contract-expired = ⚠️ The notice about 連絡催促 for { $thread } (under contract) came too late.
missed-unread = ⚠️ I could not read what you sent me since { $since }. What was recorded before is kept; please forward the rest again.

fallback-reminder = { $member } I could not send you a direct message. { $count ->
    [one] One client is waiting for your reply
   *[other] { $count } clients are waiting for your reply
} ({ $due }). `/pending` shows it to you alone.
fallback-reminder-conversations = { $member } I could not send you a direct message. { $count ->
    [one] One conversation is waiting for your reply
   *[other] { $count } conversations are waiting for your reply
} ({ $due }). `/pending` shows them to you alone.
fallback-notice = { $member } I could not send you a direct message about work under contract. `/pending` and `/history` show it to you alone.
fallback-closed = the 24 hours have passed
message-unparsable = I could not read your last message, so nothing was recorded yet. I will read it again when I connect next. If it is urgent, send it again or write, for example, `Studio A yesterday 14:30`.
