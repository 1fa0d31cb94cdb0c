# The operator's commands, and what members see of them.

announcement-title = **A message from the operator of this bot**
announcements-stopped = You will get no more messages from the operator. To get them again: `/settings` with `announcements`.
announcements-wanted = sent to you
announcements-declined = not sent to you
member-blocked = The operator of this bot has blocked you. What you send is not recorded.

operator-id = "{ $written }" is not a Discord user id. It is a number such as 184467440737095516: in Discord, Settings → Advanced → Developer Mode, then right-click the user → Copy User ID.
operator-no-database = There is no database at { $path }. Check DATABASE_URL and the folder you are in.
operator-schema = The database has schema { $step }, this program needs { $newest }. Start the bot once, which upgrades it, and run this again; nothing was changed.
operator-handed-in = Request { $id } was handed to the running bot, which carries it out within seconds.
operator-no-bot = No bot is running: request { $id } is carried out at the next start.
operator-outcome-erased = Everything about this user was erased.
operator-outcome-unknown = Nothing is stored about this user, so nothing was erased.
operator-outcome-blocked = This user is blocked: nothing is recorded, and nothing is sent. What was recorded before stays until you erase it.
operator-outcome-already-blocked = This user was blocked already.
operator-outcome-unblocked = This user is not blocked any more. What they wrote meanwhile is not read.
operator-outcome-not-blocked = This user was not blocked.

announce-usage = Give either a text, with --now or --wait if wanted, or --status, with --json if wanted.
announce-length = An announcement has 1 to { $most } characters; this one has { $length }.
announce-encoding = The text cannot be read in the encoding of this terminal, so nothing was sent. Use UTF-8, for example: export LC_ALL=C.UTF-8
announce-none = There was no announcement in the past 30 days.
announce-waiting = not begun
announce-sending = being sent
announce-finished = finished
announce-line = { $id }, { $at }, { $state }: { $delivered } delivered, { $planned } waiting, { $undeliverable } could not be reached, { $declined } opted out

members-members = Members
members-joined = Joined in the past 30 days
members-active = Recorded something in the past 30 days
members-waiting = Whose clients wait for a reply
members-unreachable = Do not accept direct messages from the bot
members-without-announcements = Want no announcements
members-blocked = Blocked users

# What the database could not do, for the operator; storage.ftl has the sentences for members.
operator-storage-full = The disk that holds the database is full or cannot be written. Nothing was changed. Make room, or repair the disk, and try again.
operator-storage-busy = Another program holds the database. Nothing was changed. End that program, or wait until it is done, and try again.
operator-storage-read-only = The database cannot be written. Nothing was changed. Check who owns the file and its folder, and that the disk is not mounted for reading alone.
operator-storage-failed = The database reports an error ({ $reason }). Nothing was changed. Try again, and look into the database server's log if there is one.
operator-storage-unreachable = The database server cannot be reached. Check that it runs, and the network, and try again.
operator-storage-file-lost = The database file was removed or replaced while the bot was running, so nothing is recorded any more. Put the file back or restore a backup, and start the bot again.
