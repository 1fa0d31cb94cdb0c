"""A real mail server for the tests: Dovecot on free ports of this machine, in a folder of its own."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

DOVECOT: Final = shutil.which("dovecot") or next((path for path in ("/usr/sbin/dovecot",) if Path(path).exists()), None)
HAS_LMTP: Final = Path("/usr/lib/dovecot/lmtp").exists()

needs_dovecot = [
    pytest.mark.mail,
    pytest.mark.skipif(
        not (DOVECOT and HAS_LMTP) and "CI" not in os.environ,
        reason="no Dovecot: apt install dovecot-imapd dovecot-lmtpd",
    ),
]

USER: Final = "box"
PASSWORD: Final = "for-tests-only"
START_SECONDS: Final = 20.0

COMMON: Final = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
auth_username_format = {username}
recipient_delimiter = +
first_valid_uid = 1
auth_failure_delay = 0
mail_max_userip_connections = 100
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""

VERSION_2_3: Final = """
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
mail_location = sdbox:~/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%n
}}
"""

VERSION_2_4: Final = """
ssl_server_cert_file = {folder}/server.pem
ssl_server_key_file = {folder}/server.key
mail_driver = sdbox
mail_path = ~/mail
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home/%{{user | username}}
  }}
}}
"""


class Dovecot:
    """A server that runs or was killed; its mails stay until the block ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port, self._lmtp_port = _free_port(), _free_port()
        self.ca_file = folder / "ca.pem"
        self.other_ca_file = folder / "other.pem"
        """Of an authority that has signed nothing of this server's."""
        self._process: subprocess.Popen[bytes] | None = None
        _make_certificates(folder)
        (folder / "home").mkdir()
        _write_configuration(folder, self.port, self._lmtp_port)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert DOVECOT, "no Dovecot: apt install dovecot-imapd dovecot-lmtpd"
        with (self._folder / "stderr").open("ab") as errors:
            self._process = subprocess.Popen(
                [DOVECOT, "-F", "-c", str(self._folder / "dovecot.conf")],
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._lmtp_port), 1) as connection:
                if connection.recv(3) == b"220":
                    return
            assert self._process.poll() is None, self.log()
            time.sleep(0.02)
        raise AssertionError(self.log())

    def stop(self) -> None:
        """End it with all its processes, and the connections."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_SECONDS)
            with suppress(ProcessLookupError):  # its processes that hold connections go on for some seconds
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None

    def log(self) -> str:
        """What the server says of itself."""
        files = (self._folder / "stderr", self._folder / "dovecot.log")
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())

    def deliver(self, *mails: bytes, recipient: str = f"{USER}@example.jp") -> None:
        """Hand mails over as a mail server does (LMTP)."""
        with smtplib.LMTP("127.0.0.1", self._lmtp_port) as client:
            for mail in mails:
                client.sendmail("sender@example.jp", [recipient], mail)

    @contextmanager
    def inspected(self) -> Iterator[imaplib.IMAP4_SSL]:
        """A connection besides the bot's."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context) as client:
            client.login(USER, PASSWORD)
            yield client

    def folders(self) -> dict[str, int]:
        """The number of mails of every folder that has some, those marked as deleted included."""
        with self.inspected() as client:
            names = [bytes(line).rpartition(b' "/" ')[2].strip(b'"').decode() for line in client.list()[1] if line]
            counts = {name: int((client.select(f'"{name}"', readonly=True)[1][0]) or 0) for name in names}
        return {name: count for name, count in counts.items() if count}

    def renumber(self) -> None:
        """Make the mailbox anew, as a server does that was restored: the UIDs begin again (UIDVALIDITY)."""
        with self.inspected() as client:
            client.select("INBOX")
            mails = [client.fetch(n, "(BODY.PEEK[])")[1][0][1] for n in client.search(None, "ALL")[1][0].split()]  # type: ignore[index]
        self.stop()
        shutil.rmtree(self._folder / "home" / USER)
        time.sleep(1)  # UIDVALIDITY is the second at which a mailbox was made
        self.start()
        self.deliver(*(bytes(mail) for mail in mails))


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """A server with an empty mailbox, which is stopped whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="nintei-mail-"))
    folder.chmod(0o755)  # the server's users have to pass
    try:
        server = Dovecot(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_configuration(folder: Path, imap_port: int, lmtp_port: int) -> None:
    version = subprocess.run([str(DOVECOT), "--version"], capture_output=True, text=True, check=True).stdout
    is_older = version.startswith(("2.2", "2.3"))
    is_root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    # Where it runs as root it refuses to give mails to root.
    mail_user = pwd.getpwnam("nobody") if is_root else me
    if is_root:
        os.chown(folder / "home", mail_user.pw_uid, mail_user.pw_gid)
    values = {
        "folder": folder,
        "imap_port": imap_port,
        "lmtp_port": lmtp_port,
        "login_user": "dovenull" if is_root else me.pw_name,
        "internal_user": "dovecot" if is_root else me.pw_name,
        "internal_group": "dovecot" if is_root else grp.getgrgid(me.pw_gid).gr_name,
        "username": "%n" if is_older else "%{user | username}",
        "password": PASSWORD,
        "uid": mail_user.pw_uid,
        "gid": mail_user.pw_gid,
    }
    number = ".".join(version.split()[0].split(".")[:3]).partition("-")[0]
    head = "" if is_older else f"dovecot_config_version = {number}\ndovecot_storage_version = {number}\n"
    text = head + (COMMON + (VERSION_2_3 if is_older else VERSION_2_4)).format(**values)
    (folder / "dovecot.conf").write_text(text, encoding="utf-8")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["/usr/bin/env", "openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _make_certificates(folder: Path) -> None:
    """Two authorities, and a certificate of the first for `localhost`."""
    new: Sequence[str] = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("ca", "other"):
        subject = f"/CN=Test authority {name}"
        _openssl(folder, "req", "-x509", *new, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", subject)
    _openssl(folder, "req", *new, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost", encoding="ascii")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-out", "server.pem")
    _openssl(folder, "x509", "-req", "-in", "server.csr", *signed)
