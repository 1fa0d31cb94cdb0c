# The topics of /help, and /about.

help-overview =
    ### Every day
    📥 Forward what came → ⏰ I remind you in time → ✅ press "Replied now" once you replied.
    💬 Plain words work too: `replied to Acme Inc.`, `pending`, `undo`, `fee 50,000`.
    📥 `/mail` `/inbox show` — recorded from your mail · `/received` `/replied` — by yourself
    ⏳ `/pending` — who is waiting for your reply
    🏅 `/status` — the badge's criteria, your reply rate
    🪤 `/check` `/away` — may I still reply here? replies due while you are away
    💴 `/fee` — fees, and what you keep
    🧰 `/job add` `/profile` `/goal` `/calibrate` — the other criteria
    🗂️ `/history` — your record, and corrections
    ⚙️ `/settings` `/mute` `/start` `/about` — settings, muting one client, the welcome, about this bot
    📦 `/import` `/export` `/erase` — import, export, erase
help-recording =
    ### How to record
    📨 Press and hold a message or notification, then Forward → Nintei. I keep when it was posted.
    📎 Notification mails: as .eml, .mbox or .zip files, or pasted. Send a table (.csv) or my export (.json), and I offer to import it.
    ✍️ A line will do: `Acme Inc. yesterday 14:30`, `replied to Acme Inc.`, `no reply needed Acme Inc.`
    ⌨️ As commands: `/received` and `/replied`.
    🖱️ In a server: press and hold (right-click) a message → Apps → "Record as received" or "Record as my reply".
    ✏️ The receipt's buttons correct what I read wrongly. The same thing sent twice counts once.
help-rate =
    ### How the reply rate counts
    📐 Replies within 24 hours ÷ replies made, past year; judged with 5 replies or more.
    😌 A message that you **do not reply to** doesn't count. Scouts may be ignored. Under contract it is different: after 7 days without a message from you the client may apply for 連絡催促.
    ⚠️ A reply **after the 24 hours** counts as late and lowers the rate.
    🪤 If their last message only closed the conversation, a further message from you there after 24 hours counts as a late reply.
    🧵 A message in a **new thread** (新規メッセージを作成) is not a reply and doesn't count.
    ❔ Lancers does not say which of several messages counts; I count from the oldest unanswered one.
    🔍 Ask `/check` before you send.
    -# From the official definition (2015) and a blog article (about 2016).
help-reminders =
    ### Reminders
    ⏰ { $leads ->
        [none] You have set no reminders before the 24 hours end.
       *[other] I send you a direct message **{ $leads }** before the 24 hours end.
    }
    🌙 { $quiet ->
        [none] If you set quiet hours, I send nothing in them, and one list in the morning.
       *[other] None in your quiet hours (**{ $quiet }**): one list in the morning of what is due that day, one in the evening of what is due in the night.
    }
    🔘 "Replied now", "Replied 10 min ago", "No reply needed" and "Later…" are buttons of the reminder.
    📪 If a reminder could not reach you, I tell you the next time you use me; you can choose a fallback channel, too.
    🗓️ After each review I send you a digest, unless you chose otherwise: `/settings digest`.
    ⚙️ Change all this in `/settings`.
help-fees =
    ### Fees
    💴 `/fee amount:50,000` — what the client pays and what you keep
    🔁 `/fee take_home:50,000` — the contract that leaves you ¥50,000
    🧾 `/fee client_pays:100,000` — the largest contract within a budget of ¥100,000
    ⏱️ `/fee hours:20 hourly_rate:3,000` — hourly work; `count` for several equal contracts
    💬 Or write "fee 50,000", "fee 20 h × 3,000", "budget 100k", "I want to keep 50k".
    📉 Since October 2022 the system fee is 16.5 % and the client fee 5.5 %, tax included (official); for hourly work they are calculated from the amount without tax.
    🏅 The nomination fee for certified Lancers is counted by the rules of 2016 only.
    🧮 `withholding` estimates the withholding tax.
    🗂️ `/job totals` — contracts, fees and tax withheld by month and year, with a CSV
    -# Payout fees are not included.
help-badge =
    ### 🏅 The Certified Lancer badge
    📅 **There is nothing to apply for.** A monthly review grants it.
    🎁 Its seven benefits (blog article, about 2016)
    1. The badge on your proposals
    2. Listed in the search for certified Lancers
    3. Featured in mail magazines
    4. Recommended jobs
    5. Priority support
    6. Chat support
    7. The nomination fee (0.3 %, at least ¥50)
    ⚠️ The compensation charge (2 %, paid by the client) may deter clients. Officially it ended with 2017.
help-privacy =
    ### Privacy
    🗒️ I keep your Discord id, clients' names, names of jobs and conversations, times, what you enter yourself, and your settings. **Never what a message says.**
    🔑 I never log in to Lancers. Log-in codes are neither read nor kept.
    🙈 What I show in a server is seen by you alone.
    📆 Records older than { $months } months are deleted (`/settings` can keep them). Jobs stay until the end of the following year, for your tax return.
    📦 `/export` — export everything
    🗑️ `/erase` — erase everything

about =
    ### Nintei { $version }
    🤝 An unofficial bot: Lancers has no part in it, and I never log in to Lancers.
    📏 I judge by your own record and by rules with their sources. Lancers decides whether you are certified.
    🗒️ I keep no text of messages. More under `/help`, "Privacy".
    🗑️ `/erase` — erase everything
