"""`python -m bot rehearse`: a member's day on a Discord of this machine."""

import argparse
from collections.abc import Mapping

from bot.texts.catalogue import Texts


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Texts) -> None:
    """Add the command."""
    parser = commands.add_parser("rehearse", help=texts("cli-help-rehearse"), description=texts("cli-help-rehearse"))
    parser.add_argument("--interactive", action="store_true", help=texts("cli-help-interactive"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Texts) -> int:
    """Play the day, or let a person type."""
    raise NotImplementedError
