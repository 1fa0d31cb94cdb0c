"""The words of every card, in both languages: the one place where tests repeat sentences.

`golden/LANGUAGE/FEATURE.txt` contains what was done, and all that the member then reads. These files are no contract:
they change with the texts. To write them again, and read the difference before it is committed:

    WRITE_GOLDEN=1 python -m pytest tests/cards

Other tests name a text by its id: `tests/helpers/wording.py`.
"""
