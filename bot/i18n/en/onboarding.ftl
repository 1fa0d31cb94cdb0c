# The card of /start.

start-title =
    ### 👋 This is Nintei
    📥 Forward me your clients' messages: I keep **who wrote and when**, never what they say.
    ⏰ Before the 24 hours to reply are over, I remind you by direct message.
    🏅 `/status` shows where you stand on the badge, `/fee` what a job pays you.
start-try =
    👉 **Forward me one message now.**
    Press and hold a message, then Forward → Nintei. Or write to me, for example "Acme Inc. yesterday 14:30".
    -# How to use me: `/help`
start-settings = ⚙️ Edition **{ $edition }** · **{ $zone }** · quiet hours **{ $quiet }**
start-editions = -# Edition 2016 asks for a reply rate of 80 % and an evaluation of 4.8. Edition 2024 (secondary sources) drops the reply rate and adds a satisfaction of 95 % and the last log-in.
