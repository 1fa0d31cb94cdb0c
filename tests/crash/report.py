"""The result of a crash run."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """What the audits found."""

    kills: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    come_back: list[str] = field(default_factory=list)
    records: int = 0
    mails: int = 0
    imports: int = 0
    reminders: int = 0
    merged: int = 0
    """Reminders of several windows."""
    cards: int = 0
    """Cards that were compared with the record in the end."""
    presses: int = 0
    erasures: int = 0

    @property
    def findings(self) -> list[str]:
        """What is wrong, a sentence each."""
        return [*self.lost, *self.doubled, *self.corrupt, *self.come_back]

    @property
    def clean(self) -> bool:
        return not self.findings

    @property
    def seen(self) -> str:
        """What there was to lose."""
        records = f"{self.records} records, {self.mails} mails, {self.imports} imports"
        reminders = f"{self.reminders} reminders, {self.merged} messages for several windows"
        return f"{records}, {reminders}, {self.cards} cards, {self.presses} presses, {self.erasures} erasures"

    def __str__(self) -> str:
        found = f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.corrupt)} corrupt"
        return f"{self.kills} kills: {found}, {len(self.come_back)} come back"
