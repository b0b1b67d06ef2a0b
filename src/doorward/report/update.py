"""What was taken in, in a few lines for a person."""

from __future__ import annotations

from doorward.identify.fingerprints.answer import FingerprintsAnswer
from doorward.report.quantities import count
from doorward.values.printable import printable

__all__ = ["fingerprint_lines"]

_MOST_SHOWN = 10


def fingerprint_lines(answer: FingerprintsAnswer) -> list[str]:
    """Say what is installed, where, and what of it failed."""
    if not answer.installed:
        return [
            "No fingerprints of others are installed: only our own readers are asked.",
            "Whoever has Recog's files (github.com/rapid7/recog) can take them in:",
            "  doorward update fingerprints --from recog/xml",
        ]
    lines = [
        f"{count(answer.fingerprints, 'fingerprint')} of {printable(answer.source)} for {count(len(answer.fields), 'field')},"
        f" installed {printable(answer.at)}.",
        f"They lie in {printable(answer.path)} and are looked at when a door is identified.",
    ]
    if answer.examples:
        right = answer.examples - len(answer.failed)
        lines.append(f"Tried on their authors' own examples: {right:,} of {answer.examples:,} come out as promised.")
    for title, troubles in (("Not as promised", answer.failed), ("Left out", answer.left_out)):
        if troubles:
            lines.append(f"{title}:")
            lines += [f"  {printable(trouble)}" for trouble in troubles[:_MOST_SHOWN]]
            if len(troubles) > _MOST_SHOWN:
                lines.append(f"  … and {len(troubles) - _MOST_SHOWN:,} more (--json shows all)")
    return lines
