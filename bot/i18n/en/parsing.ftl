# Why something forwarded or typed could not be read.

parsing-empty = There is nothing to read. Forward me a client's message, or write for example `Studio A yesterday 14:30`.
parsing-forward-from-here = You forwarded a message of our own direct message, so nothing was recorded. Forward a client's message from where it arrived, or write for example `Studio A yesterday 14:30`.
parsing-unreadable = I could not read this, so nothing was recorded. Forward a client's message or a notification mail from Lancers, or write one line such as `Studio A yesterday 14:30`.
parsing-too-long = This is too long to read, so nothing was recorded. Forward the mail as an .eml file, or write one line such as `Studio A yesterday 14:30`.
parsing-line-above = I did not read "{ $written }", since it came together with a mail or a file. To record it, send that line alone once more.
parsing-text-cut = { $name } is long: only its first { $most } characters were read. If more mails follow in it, please send them separately.
parsing-too-many-files = At most { $most } files at once, please. The others were not read; send them again in another message.
parsing-too-many-mails = At most { $most } mails are read at once. The others were not read; please send them separately.
parsing-file-too-large = { $name } is larger than 1 MiB and was not read. Write one line instead, such as `Studio A yesterday 14:30`.
parsing-file-unsupported = I cannot read files like { $name }. I read notification mails (.eml, .mbox), tables of messages or jobs (.csv), my own export (.json), a .zip of these, and text (.txt).
parsing-mail-unreadable = { $name } holds no mail or table that I can read, so nothing was recorded. Write one line instead, such as `Studio A yesterday 14:30`.
parsing-file-unavailable = { $name } could not be fetched from Discord, so nothing was recorded. Please send it again in a moment.
parsing-file-empty = { $name } is empty, so nothing was recorded. Look at the file, and send it again.
percent-unreadable = "{ $written }" is not a percentage; nothing was recorded. Write for example 92.5 or 92.
