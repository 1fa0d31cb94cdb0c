"""What people, scripts and older databases rely on, frozen: nothing here may change without somebody outside noticing.

Every list and every shape that outsiders know stands in a file under `golden/`, one item a line: custom ids, commands
and their options, the tables and columns of the database and of the export, the JSON of the command line, names in the
environment, words in the database, identities of messages, nonces, names of files. A golden file contains names that
outsiders know and no name of a module, class or function.

A later change may add a word and never removes or renames one. To add one:

    WRITE_GOLDEN=1 python -m pytest tests/contracts

writes the files again, keeps refusing what would be lost, and the difference is committed with the change that needs
it. What is not to be kept after all is removed from the golden file by hand, with the reason in the commit.
"""
