"""Every error that Doorward raises on purpose, in one small tree split by who must act.

DoorwardError
├── CallError: the caller must change the call (exit status 2)
│   └── FilterError: a filter expression that can't be read, with the place in it
├── WorldError: kernel, permission, file or network said no (exit status 3)
│   ├── FeatureMissing: this kernel or system can't do what was asked of it
│   ├── PermissionMissing: a right that this process doesn't hold
│   └── StoreError: the database can't be read or written
├── PeerError: the far end sent bytes that its protocol doesn't allow
└── DoorwardBug: a promise of our own code is broken

Expected outcomes (closed, silent, refused, unknown) are results, never exceptions. A message says what was being done, to what,
why it failed and what to do next, and keeps those four as fields so that a face may show them its own way.
"""

from __future__ import annotations

__all__ = [
    "CallError",
    "DoorwardBug",
    "DoorwardError",
    "FeatureMissing",
    "FilterError",
    "PeerError",
    "PermissionMissing",
    "StoreError",
    "WorldError",
]


class DoorwardError(Exception):
    """What was being done, to what, why it failed, and what to do next.

    ``doing`` reads after "cannot" ("read the port set"), ``target`` names the thing in the caller's words, ``why`` is a clause and
    ``remedy`` a sentence in the imperative; ``target`` and ``remedy`` may be empty.
    """

    exit_status = 3

    def __init__(self, doing: str, target: str = "", *, why: str, remedy: str = "") -> None:
        super().__init__(doing, target, why, remedy)
        self.doing = doing
        self.target = target
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        what = f"cannot {self.doing}"
        if self.target:
            what += f" {self.target!r}"
        message = f"{what}: {self.why}"
        return f"{message}. {self.remedy}" if self.remedy else message


class CallError(DoorwardError):
    """The call is wrong: a word, flag or file that the caller must change."""

    exit_status = 2


class FilterError(CallError):
    """A filter expression that can't be read; ``column`` is the 0-based place in the text where reading stopped."""

    def __init__(self, target: str, *, column: int, why: str, remedy: str = "") -> None:
        super().__init__("read the filter", target, why=why, remedy=remedy)
        self.column = column


class WorldError(DoorwardError):
    """The kernel, a file or the network said no, and nothing in the call is wrong."""


class FeatureMissing(WorldError):
    """This kernel or system can't do what was asked: a module is absent, or a sandbox forbids it; another way may do."""


class PermissionMissing(WorldError):
    """A right is missing; ``remedy`` names the least one that would do."""


class StoreError(WorldError):
    """The database is unreadable, damaged, locked, or of a newer version than this program knows."""


class PeerError(DoorwardError):
    """The far end sent bytes that its protocol doesn't allow; readers catch it and report what they had understood."""


class DoorwardBug(DoorwardError):
    """A promise of Doorward's own code is broken; please report it with the message."""
