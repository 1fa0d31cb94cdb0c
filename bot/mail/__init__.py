"""Mails that reach the bot by themselves: from the mailbox of the operator, or from the operator's mail server."""
