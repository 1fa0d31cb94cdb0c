# The welcome, and the guides of the ways in which messages arrive.

start-title =
    ### 👋 This is Nintei
    I remind you before the 24 hours to reply are over. When you have replied, press one button.
    -# I keep names and times, no message texts.
start-rules = **1. Which rules should I use?**
start-rules-line = { $chosen ->
        [yes] ✅ **{ $edition }**: { $about }
       *[no] ▫️ **{ $edition }**: { $about }
    }
start-rules-in-force = {" "}**In force today**, according to users' articles.
start-rules-default = {" "}Used until you choose.
start-methods = **2. How should messages reach me?**
start-method-mail = Mail, automatically
start-method-forward = Forward
start-method-typed = Type
start-method-chosen = ✅ { $method }
start-more = Rules of other years, more settings: `/settings` · help: `/help`
start-to-mail = Set up mail
start-check = Has it arrived?
start-back = ← Back

start-guide-mail =
    ### ✅ Mail, automatically
    This bot has no mail address of its own yet. What works today is an **inbox channel**:
    1. Add the bot to a server of your own, and make a channel there that nobody else sees.
    2. Use `/inbox set` in that channel.
    3. Let a script post the notifications from your Gmail there (steps: docs/mail-bridge.md).
    Each post is recorded automatically; receipts and reminders come here.
start-guide-mailbox =
    ### ✅ Mail, automatically
    Have Lancers' notification mails forwarded to an address of your own.
    Each is recorded automatically; receipts and reminders come here.
    "Set up mail" shows the address and the steps (`/mail` at any time).
start-guide-forward =
    ### ✅ Forward
    Press and hold a client's message or a notification, then choose Forward → Nintei.
    A notification mail can be attached as an `.eml` file, or pasted.
    Once the receipt is here, it is recorded. When you have replied, press "Replied now" once.
start-guide-typed =
    ### ✅ Type
    One line, as you would say it to a person.
    Received: "Acme Inc. yesterday 14:30", "Mr. Smith wrote me an hour ago"
    Replied: "replied to Acme Inc."
    No reply needed: "no reply needed Acme Inc."
    Where something is not understood nothing is recorded, and buttons ask.
start-seen-mailbox = 📬 The last mail came **{ $ago }**.
start-seen-mailbox-none = 📬 No mail has come yet.
start-seen-mail = 📮 The last notification in { $channel } came **{ $ago }**.
start-seen-mail-none = 📮 No notification has come in { $channel } yet.
start-seen-mail-unset = 📮 No inbox channel is set up yet.
start-seen-forward = 📨 The last forward or mail: { $name } (**{ $ago }**)
start-seen-forward-none = 📨 No forward and no mail has come yet. Forward one, then press the button below.
start-seen-typed = ✍️ The last one you typed: { $name } (**{ $ago }**)
start-seen-typed-none = ✍️ You have not typed one yet. Write one line, then press the button below.
