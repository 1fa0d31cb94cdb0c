"""The version of this program, and the command that starts it. Only pyproject.toml states the version."""

import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Final


def read_version(folder: Path) -> str:
    """The version of the packages in this folder.

    An installation has its metadata beside the packages, a checkout its pyproject.toml. Metadata elsewhere on the
    import path may be of another installation, whose version is not that of the code which runs.
    """
    for installed in distributions(name="nintei", path=[str(folder)]):
        return installed.version
    project = folder / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def shell_command_of_script(script: str) -> str:
    """What a person types to start this program again, by the script that was started (`sys.argv[0]`)."""
    return "nintei" if Path(script).stem == "nintei" else "python -m bot"


VERSION: Final = read_version(Path(__file__).parents[1])
COMMAND: Final = shell_command_of_script(sys.argv[0])
