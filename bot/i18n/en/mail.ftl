# /mail: the address at which notification mails arrive by themselves, and their receipts.

mail-choose =
    ### 📬 Record notification mails automatically
    Have Lancers' notifications forwarded to an address of your own, and what clients write is recorded automatically.
    Which mail do you use?
mail-box-gmail = Gmail
mail-box-outlook = Outlook.com
mail-box-yahoo = Yahoo! JAPAN Mail
mail-box-icloud = iCloud Mail
mail-box-other = Other
mail-guide-title =
    ### 📬 { $mailbox }
    Your own address (press and hold to copy):
mail-guide-gmail =
    1. Open mail.google.com in a browser: the Gmail app cannot do this. On a phone, switch to the desktop view in the browser's menu (its name depends on the browser).
    2. Gear → "See all settings" → "Forwarding and POP/IMAP" → "Add a forwarding address": the address above.
    3. Gmail sends a mail there to confirm it. I pass its code and link on to you here: press the link, or enter the code.
    4. In the search options, put `lancers.co.jp` into "From", create a filter, and choose "Forward it to" with the address above.
mail-guide-outlook =
    1. Open outlook.com in a browser, and add a rule for incoming mail in the settings.
    2. Condition: the sender contains `lancers.co.jp`.
    3. Action: forward to the address above.
    The steps on the screen are unchecked. The page below is for programs; its example of a rule forwards by sender.
mail-guide-yahoo =
    1. Open the settings of Yahoo! JAPAN Mail in a browser, and look for forwarding.
    2. If it takes a condition, forward only mails whose sender contains `lancers.co.jp`.
    3. Forward to the address above.
    Whether it can forward, and how the screens look, is unchecked. If it cannot, forward the notifications to me here.
mail-guide-icloud =
    1. Open icloud.com/mail in a browser. The button above the list of mailboxes → Settings → Rules → add one.
    2. Condition: from the domain `lancers.co.jp`.
    3. Action: forward to the address above.
    A new rule may take up to 15 minutes to work.
mail-guide-other =
    1. Open forwarding, filters or rules in your mail's settings.
    2. Condition: the sender contains `lancers.co.jp`.
    3. Action: forward to the address above, and keep the original.
mail-guide-checked = The vendor's page (a copy or quotation of it read on { $day }): <{ $page }>
mail-guide-unchecked = These steps were not checked on a vendor's page.
mail-guide-secret =
    Notifications come from `lancers.co.jp` (formerly from `lancers.jp` too): enter both if you can add a condition.
    Whoever knows this address can write into your record: show it to nobody. "Test" shows whether it works.

mail-title = ### 📬 Notification mails, automatically
mail-last = The last mail came **{ $ago }**; { $count } this month.
mail-last-none = No mail has come yet. "Guide" shows your address and how to set it up.
mail-missing = ⚠️ No mail for { $days } days, though you replied { $replies ->
        [one] once
        [2] twice
       *[other] { $replies } times
    }. Check that your mail still forwards.
mail-missing-first = ⚠️ You have had the address for more than 2 days, and no mail has come. Check the forwarding.
mail-paused = ⏸️ Paused since { $since }. Mails that come are dropped unread.
mail-guide = Guide
mail-test = Test
mail-pause = Pause
mail-resume = Resume
mail-new-address = New address
mail-remove = Remove
mail-new-address-question = Get a new address? The present one stops working at once, and you have to enter the new one where your mail forwards.
mail-new-address-confirm = Get a new one
mail-renewed = ✅ You have a new address. The old one no longer works: enter the new one where your mail forwards.
mail-remove-address-question = Stop recording mails automatically? The address stops working at once. What is recorded stays.
mail-remove-address-confirm = Stop
mail-removed = Mails are no longer recorded automatically. Remove the forwarding from your mail's settings too. `/mail` begins again.
mail-unavailable = This bot has no address for mails. `/mail` shows what works today.
mail-test-paused = It is paused. Press "Resume", then try again.

mail-test-started =
    ### 🔎 Test (until { $until })
    Send or forward any mail to the address below. Within seconds I tell you by direct message what I see.
mail-test-waits = 🔎 A test is waiting (until { $until }). Send any mail.
mail-test-received = 📬 The test mail has arrived. Sender: { $sender }
mail-test-unnamed = unknown
mail-test-signed = ✅ It is signed by Lancers.
mail-test-unsigned = ▫️ It is not signed by Lancers.
mail-test-recorded = ✅ { $count ->
        [one] 1 message
       *[other] { $count } messages
    } recorded.
mail-test-asked = ❔ { $count ->
        [one] 1 question comes
       *[other] { $count } questions come
    } before something is recorded.
mail-test-nothing = It contains no notification from Lancers, which is fine for a test: the address works.

mail-confirm =
    ### 📮 Confirm the forwarding
    { $requester } asks to forward mails to your address. Confirm **only if you asked for it**.
mail-confirm-unnamed = A mailbox that gives no name
mail-confirm-next = Press the link, or enter the code in your mail's settings. There is nothing to do in this bot, and it opens no link.
mail-confirm-link = Allow the forwarding

mail-path-confirmed = ✅ Noted as Lancers' mail. Mails that come the same way are no longer marked.
mail-confirmed-already = This mail was confirmed or undone already. Nothing was changed.

receipt-unconfirmed = 🏷️ **Unconfirmed** — I could not verify that Lancers sent this mail.
batch-unconfirmed = 🏷️ **{ $count } unconfirmed** — did Lancers send the mail?

mail-bridge =
    ### 📬 Record notification mails automatically
    This bot has no mail address of its own. An **inbox channel** in your own server and a script in Gmail do the same.
    1. Add the bot to a server of your own, and make a channel there that nobody else sees.
    2. Edit Channel → Integrations → Webhooks → New Webhook → **Copy Webhook URL**. Show it to nobody.
    3. Use `/inbox set` in that channel. The answer names the bot's id.
    4. Make a new project at script.google.com, and replace what is there by docs/mail-bridge.gs.
    5. Project Settings → Script Properties: `WEBHOOK_URL` (step 2) and `BOT_ID` (step 3).
    6. Run the function `install` once, and allow it. Mails are posted every five minutes.
    -# More in docs/mail-bridge.md
mail-bridge-waits = 📮 Waiting for { $channel }. Once a notification is posted there, its receipt comes by direct message.
