"""`python -m bot` and the installed command `nintei`: the command line."""

import os
import signal
import sys
from types import FrameType

EXIT_INTERRUPTED = 130


def main() -> int:
    """Run a command and return its exit status; an interrupt ends it without a traceback, also while it is loaded."""
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where nohup or `&` ignores it
    if interruptible:
        signal.signal(signal.SIGINT, _end_process_at_once)
    from bot.cli import main as command_line  # noqa: PLC0415 — loading takes half a second

    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return command_line.main()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    finally:
        if interruptible:
            signal.signal(signal.SIGINT, _end_process_at_once)


def _end_process_at_once(_signal: int, _frame: FrameType | None) -> None:
    os._exit(EXIT_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
