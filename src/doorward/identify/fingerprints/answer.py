"""What is installed of others' fingerprints, as ``update fingerprints --json`` prints it."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["FieldCount", "FingerprintsAnswer"]


class FieldCount(msgspec.Struct, frozen=True, kw_only=True):
    """One field's fingerprints."""

    field: str  #: "ssh_banners"
    fingerprints: int


class FingerprintsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The fingerprints that lie on this machine for Doorward."""

    schema: Literal["doorward/update/1"] = "doorward/update/1"
    installed: bool
    path: str
    source: str = ""  #: whose they are
    at: str = ""  #: when they were installed, ISO 8601
    fingerprints: int = 0
    fields: list[FieldCount] = []
    examples: int = 0  #: the authors' own examples that were tried; only right after installing
    failed: list[str] = []  #: examples that did not come out as promised
    left_out: list[str] = []  #: fingerprints that can't be used, and why
