"""What stands in for the image that FROM names: this machine's Python and the few programs that the steps call.

Everything lies at the path it has on this machine, so nothing has to be made to fit; `python` is on the PATH as there.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

PROGRAMS = ("sh", "env", "mkdir", "chmod", "chown", "useradd")
"""What a step may call besides Python. A step that calls another one fails here: see that slim images have it first."""

COUNTED_ON = ("libc", "libdl", "libgcc_s", "libm", "libpthread", "libresolv", "librt", "libstdc++", "libutil", "libz")
"""What every Debian has and wheels count on."""

ACCOUNTS = {"passwd": "root:x:0:0:root:/root:/bin/sh\n", "group": "root:x:0:\n", "shadow": "root:*:1::::::\n"}


def lay(root: Path) -> None:
    """Fill a folder so that it stands in for the base image."""
    for folder in ("etc", "tmp", "dev", "usr/local/bin"):
        (root / folder).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    for name, lines in ACCOUNTS.items():
        (root / "etc" / name).write_text(lines)
    if (defaults := Path("/etc/login.defs")).exists():
        shutil.copy(defaults, root / "etc")
    (root / "dev" / "null").touch()  # an engine gives a container devices of its own
    (root / "dev" / "null").chmod(0o666)
    python = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}").resolve()
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    _bring_tree(root, library)
    if (wheels := Path("/usr/share/python-wheels")).is_dir():  # where Debian's own Python keeps pip
        _bring_tree(root, wheels)
    # Programs are at /bin and /usr/bin alike, of which one is a link.
    programs = [Path(shutil.which(each, path=PATH) or each) for each in PROGRAMS]
    extensions = (library / "lib-dynload").glob("*.so")
    for each in {python, *programs, *_libraries([python, *programs, *extensions]), *_counted_on()}:
        _bring(root, each)
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).symlink_to(python)


def _bring(root: Path, file: Path) -> None:
    to = root / file.relative_to("/")
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, to)


def _bring_tree(root: Path, folder: Path) -> None:
    left_out = shutil.ignore_patterns(
        "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "config-*"
    )
    shutil.copytree(folder, root / folder.relative_to("/"), symlinks=False, ignore=left_out)


def _libraries(files: Iterable[Path]) -> Iterator[Path]:
    told = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return (Path(each) for each in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", told, re.MULTILINE))


def _counted_on() -> Iterator[Path]:
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True, env={"PATH": PATH}).stdout  # noqa: S607
    for name in COUNTED_ON:
        if found := re.search(
            rf"^\s+{re.escape(name)}\.so\.\d+ \(libc6,(?:x86-64|AArch64).*=> (\S+)$", known, re.MULTILINE
        ):
            yield Path(found[1])
