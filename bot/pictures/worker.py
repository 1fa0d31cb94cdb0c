"""The drawing process: it reads pickled models from standard input and writes PNG files to standard output.

An empty answer means that a picture could not be drawn. The process ends when its input ends, that is, with the bot.
"""

import os
import pickle
import signal
import sys
from typing import Final

from bot.pictures.worker_protocol import LENGTH_PREFIX_SIZE, frame_worker_message
from bot.unhandled_errors import print_exception_redacted, redact_unhandled_errors

NICE_LEVEL: Final = 10
"""Added to the niceness: drawing has a lower priority than the bot."""


def main() -> None:
    """Draw until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole process group; the bot ends the input
    os.nice(NICE_LEVEL)
    redact_unhandled_errors()
    from bot.pictures.canvas import load_fonts  # noqa: PLC0415 — matplotlib loads slowly; the signal is ignored first
    from bot.pictures.drawing import draw_picture  # noqa: PLC0415 — as above

    load_fonts()
    while len(length := sys.stdin.buffer.read(LENGTH_PREFIX_SIZE)) == LENGTH_PREFIX_SIZE:
        pickled = sys.stdin.buffer.read(int.from_bytes(length))
        try:
            png = draw_picture(pickle.loads(pickled))  # noqa: S301 — from the process that started this one
        except Exception as error:  # noqa: BLE001 — the other pictures can still be drawn
            print_exception_redacted(error)
            png = b""
        sys.stdout.buffer.write(frame_worker_message(png))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
