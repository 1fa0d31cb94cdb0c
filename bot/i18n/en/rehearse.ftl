# The rehearsal: what the member Mika does, and what the terminal says about it.

rehearse-title = A rehearsal: Mika, a freelancer, and Nintei on a Discord of this machine. Nothing leaves it.
rehearse-time = ── { $at } ──
rehearse-member = Mika
rehearse-bot = Nintei
rehearse-only-you = (only you see this)
rehearse-forwards = forwards a notification that a mail bridge posted at { $at }:
rehearse-forwards-message = forwards a message that a client posted at { $at }:
rehearse-presses = presses [ { $label } ]
rehearse-chooses = chooses "{ $label }"
rehearse-fills = writes into the form: { $written }
rehearse-end = That was a day with Nintei. Type yourself: { -command } rehearse --interactive — on Discord: README.md
rehearse-mail-subject = [ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています
rehearse-client-message = Could you send the second draft?
rehearse-client = Studio B
rehearse-job = Banner
rehearse-line = Design Office C yesterday 15:30
rehearse-help = Write to the bot, or: /status · /fee amount:50000 · /pending · /received client:Studio-A at:"yesterday 14:30" · forward TEXT
    · !LABEL or !NUMBER presses a button · +10m +1h +6h moves the clock · next: to the next reminder · quit
rehearse-no-reminder = No reminder is planned.
rehearse-cannot = This is not possible: { $reason }
rehearse-options = [{ $placeholder }: { $options }]
