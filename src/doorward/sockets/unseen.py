"""Sentences for what a reader could not see, and which right would show it; knows counts and names, and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["unentered_sentences", "unheld_sentences", "unshown_sentences"]

_MOST_NAMES = 5


def unheld_sentences(sockets: int, refused: int, *, is_root: bool) -> list[str]:
    """Say that so many sockets have an unknown process, and ``refused`` processes did not show what they hold."""
    if not sockets:
        return []
    which = f"The process of {sockets:,} socket{'s' if sockets > 1 else ''}"
    if not refused:
        return [f"{which}: no process here holds {'them' if sockets > 1 else 'it'}; the kernel itself does, or another PID namespace."]
    who = "1 process doesn't show what it holds" if refused == 1 else f"{refused:,} processes don't show what they hold"
    if is_root:
        return [f"{which}: {who}, not even to root (CAP_SYS_PTRACE is missing)."]
    return [f"{which}: {who} to this user. Run as root, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH."]


def unshown_sentences(refused: int, *, is_root: bool) -> list[str]:
    """Say that so many processes did not show which network namespace they live in."""
    if not refused:
        return []
    who = "1 process doesn't show its" if refused == 1 else f"{refused:,} processes don't show their"
    return [f"Other network namespaces: {who} own{', not even to root' if is_root else '. Run as root'}."]


def unentered_sentences(reasons: Mapping[str, str]) -> list[str]:
    """Say which namespaces could not be entered; ``reasons`` maps a namespace's name to why."""
    names: dict[str, list[str]] = {}
    for name, why in reasons.items():
        names.setdefault(why, []).append(name)
    return [f"Sockets in the network namespace{'s' if len(some) > 1 else ''} {_listed(some)}: {why}." for why, some in names.items()]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(sorted(names)[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else shown
