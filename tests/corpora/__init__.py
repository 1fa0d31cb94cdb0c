r"""Typed lines and mails with the right reading of them, written without regard to how the reader works.

`lines/*.tsv` and `mails.tsv` are tables in UTF-8 with a header; an empty cell is the default. All rows are invented.

kind, language    for the figures; a kind whose name begins with `combined-` was put together from lists
now, zone         when and where the member types: 2026-11-24T12:00 (a Tuesday), Asia/Tokyo
clients           the member's clients, separated by `;`; a `*` behind a name: a reply to this client is open
unlisted          `x`: the line has a name, a job or a verb that a list of words would hardly have
line              `\n` is a line break
reading           one or more of these, separated by ` ; `, in the order of the line:
    received client=NAME at=TIME title=JOB · replied … · dismissed client=NAME
    help · undo · status · pending · fee YEN
    ask           the member must be asked: who, when, which, or whether it is a record at all
    refuse        the future, the impossible, a contradiction: refused or asked, never recorded
  `ask-ok` in front: a question is as good as the reading. TIME is a wall-clock time of the zone, or UTC with `Z`,
  or `now`, or EARLIEST..LATEST; `*` stands for any value; a title that is not named must not be read.

The columns of `mails.tsv` are described in `tests/helpers/mail_builder.py`; its readings are:
    message client=NAME title=JOB at=TIME · invitation at=TIME · review granted=yes|no at=TIME · code
    foreign       no reply window on Lancers: nothing is recorded
    ask, refuse   as above
`mail_pairs.tsv` has two mails in a row, and whether they are the same message.
"""
