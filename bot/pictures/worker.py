"""The process that draws: panels come in by standard input, pictures go out by standard output.

A picture of no bytes is one that could not be drawn. It ends when whoever started it does, for its input ends then.
"""

import os
import pickle
import signal
import sys
import traceback
from typing import Final

from bot.pictures.worker_protocol import LENGTH_PREFIX, frame_message

NICE_LEVEL: Final = 10
"""Drawing gives way to whatever else the machine has to do."""


def main() -> None:
    """Draw until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the bot's own affair, which ends the input
    os.nice(NICE_LEVEL)
    from bot.pictures.canvas import set_up  # noqa: PLC0415 — nothing here may be late for the signal
    from bot.pictures.drawing import draw  # noqa: PLC0415

    set_up()
    while len(length := sys.stdin.buffer.read(LENGTH_PREFIX)) == LENGTH_PREFIX:
        written = sys.stdin.buffer.read(int.from_bytes(length))
        try:
            drawn = draw(pickle.loads(written))  # noqa: S301 — from the process that started this one
        except Exception:  # noqa: BLE001 — one bad panel is no reason to end
            traceback.print_exc()
            drawn = b""
        sys.stdout.buffer.write(frame_message(drawn))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
