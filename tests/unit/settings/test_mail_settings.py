"""The settings of the mailbox and of LMTP: what may be written, what belongs together, and what is refused."""

import ssl
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.i18n.translations import get_translations
from bot.misspelt_settings import find_meant_setting
from bot.settings import KNOWN_SETTINGS, MailSettings, read_settings

MAILBOX = {
    "MAIL_ADDRESS": "Box@Example.jp",
    "MAIL_IMAP_HOST": "imap.example.jp",
    "MAIL_IMAP_USER": "box@example.jp",
    "MAIL_IMAP_PASSWORD": "geheim",
}
LMTP = {"MAIL_ADDRESS": "box@example.jp", "MAIL_LMTP": "unix:/run/nintei/lmtp.sock"}


def read(**environ: str) -> MailSettings:
    return read_settings(environ).mail


def refused(**environ: str) -> SettingError:
    with pytest.raises(SettingError) as error:
        read(**environ)
    for locale in ("ja", "en"):
        sentence = get_translations(locale).format_error(error.value)
        assert error.value.message_id not in sentence
        assert "\n" not in sentence
    return error.value


def test_without_any_there_are_no_mails() -> None:
    mail = read()
    assert (mail.address, mail.imap_host, mail.lmtp) == (None, None, None)


def test_a_mailbox() -> None:
    mail = read(**MAILBOX)
    assert (mail.address, mail.imap_host) == ("box@example.jp", ("imap.example.jp", 993))
    assert mail.trusted_domains == ("lancers.jp", "lancers.co.jp")
    assert "geheim" not in repr(read_settings(MAILBOX))


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("imap.example.jp:1993", ("imap.example.jp", 1993)),
        ("127.0.0.1", ("127.0.0.1", 993)),
        ("[::1]:1993", ("::1", 1993)),
        ("[::1]", ("::1", 993)),
    ],
)
def test_a_server_with_a_port(written: str, host: tuple[str, int]) -> None:
    assert read(**{**MAILBOX, "MAIL_IMAP_HOST": written}).imap_host == host


@pytest.mark.parametrize("written", ["unix:/run/nintei/lmtp.sock", "127.0.0.1:2424", "[::1]:2424"])
def test_lmtp(written: str) -> None:
    assert read(**{**LMTP, "MAIL_LMTP": written}).lmtp == written


@pytest.mark.parametrize(
    ("name", "written", "text"),
    [
        *(
            ("MAIL_ADDRESS", each, "setting-mail-address")
            for each in ("box", "box+a@example.jp", "box@", "@b.jp", "a b@c.jp")
        ),
        *(
            ("MAIL_IMAP_HOST", each, "setting-host")
            for each in ("imaps://x", "x:0", "x:65536", "x:y", "a b", "::1", "imap..example.jp", "x" * 64 + ".jp")
        ),
        *(
            ("MAIL_LMTP", each, "setting-host")
            for each in ("unix:", "127.0.0.1", "x:99999999", "/run/lmtp.sock", ":2424")
        ),
        *(
            ("MAIL_TRUSTED_DOMAINS", each, "setting-domains")
            for each in ("jp", "lancers.jp lancers.co.jp", "@lancers.jp", "*.jp", ",")
        ),
        *(
            (name, each, "setting-mail-login")
            for name in ("MAIL_IMAP_USER", "MAIL_IMAP_PASSWORD")
            for each in ("abcd\xa0efgh", "パスワード", "geheim\u200b")
        ),
    ],
)
def test_what_cannot_be_used_is_a_sentence_with_the_name(name: str, written: str, text: str) -> None:
    error = refused(**{**MAILBOX, **LMTP, name: written})
    assert (error.message_id, error.arguments["name"]) == (text, name)


@pytest.mark.parametrize("left_out", ["MAIL_ADDRESS", "MAIL_IMAP_HOST", "MAIL_IMAP_USER", "MAIL_IMAP_PASSWORD"])
def test_what_belongs_together_is_asked_for(left_out: str) -> None:
    error = refused(**{name: value for name, value in MAILBOX.items() if name != left_out})
    assert (error.message_id, error.arguments) == ("setting-mail-incomplete", {"name": left_out})


def test_an_address_without_a_source_and_a_source_without_an_address() -> None:
    assert refused(MAIL_ADDRESS="box@example.jp").arguments == {"name": "MAIL_IMAP_HOST, MAIL_LMTP"}
    assert refused(MAIL_LMTP=LMTP["MAIL_LMTP"]).arguments == {"name": "MAIL_ADDRESS"}
    assert read(**{**MAILBOX, **LMTP}).lmtp, "both sources may be set"


def test_certificates_are_read_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    missing = refused(**MAILBOX, MAIL_IMAP_CA_FILE=str(file))
    assert (missing.message_id, missing.arguments["path"]) == ("setting-mail-ca-file", str(file))
    for content in (b"", b"nonsense", b"\xff\x00"):
        file.write_bytes(content)
        assert refused(**MAILBOX, MAIL_IMAP_CA_FILE=str(file)).message_id == "setting-mail-ca-file"
    assert refused(**MAILBOX, MAIL_IMAP_CA_FILE=str(tmp_path)).message_id == "setting-mail-ca-file"
    authority = ssl.get_default_verify_paths().cafile
    if authority is not None:  # a machine without certificates has none to show
        assert read(**MAILBOX, MAIL_IMAP_CA_FILE=authority).imap_ca_file == Path(authority)


def test_nothing_turns_the_checking_of_certificates_off() -> None:
    assert [name for name in KNOWN_SETTINGS if name.startswith("MAIL_") and any(
        word in name for word in ("VERIFY", "INSECURE", "TLS", "SSL")
    )] == []  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["MAIL_HOST", "MAIL_USER", "MAIL_PASSWORD", "MAIL_PORT", "MAIL_FROM", "MAIL_SERVER", "MAIL_USERNAME", "MAILTO", "MAIL",
     "MAIL_DRIVER", "MAIL_ENCRYPTION", "MAIL_MAILER", "MAIL_FROM_ADDRESS", "MAIL_FROM_NAME", "SMTP_HOST", "IMAP_HOST"],
)  # fmt: skip
def test_the_mail_settings_of_other_programs_are_left_alone(name: str) -> None:
    assert find_meant_setting(name, KNOWN_SETTINGS) is None
    assert read(**{name: "anything"}) == read()
