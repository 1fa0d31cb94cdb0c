"""The rehearsal in a browser: a page that looks and works like a small Discord, beside the stand-in.

The page draws what a person sees and sends what they do; everything else is the stand-in's and the bot's.
"""
