"""An identified door drawn for a person: what it is in a sentence, what is known of it, and the conversation it was concluded from."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.identify.answer import AttemptMade, Exchange, IdentifyAnswer
from doorward.identify.conclusion import Outcome
from doorward.report.quantities import count
from doorward.values.evidence import Certainty
from doorward.values.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["drawing", "protocols"]

_LINES_SHOWN: Final = 8  # of one reply; its rest is counted
_HEX_BYTES_SHOWN: Final = 512
_SURE: Final = {Certainty.MEASURED: "sure", Certainty.INFERRED: "likely", Certainty.UNKNOWN: "unknown"}
_HEADLINES: Final = {
    Outcome.UNRECOGNISED: "answers in a protocol that Doorward doesn't know",
    Outcome.SILENT: "silent",
    Outcome.CLOSES: "hangs up at once",
    Outcome.REFUSED: "nobody listens",
    Outcome.UNREACHABLE: "unreachable",
}
# Facts in the order of telling, with the words for them.
_FACTS: Final = {
    "title": "start page",
    "status": "status",
    "server": "calls itself",
    "powered_by": "powered by",
    "redirects_to": "sends callers to",
    "login_banner": "login banner",
    "authentication": "login",
    "starttls": "can encrypt",
    "tls_version": "encryption",
    "certificate_subject": "certificate",
    "certificate_names": "valid for",
    "certificate_issuer": "issued by",
    "certificate_not_after": "expires",
    "certificate_key": "its key",
    "certificate_self_signed": "self-signed",
    "certificate_verified": "trusted here",
    "certificate_problem": "problem",
    "capabilities": "offers",
    "login_methods": "login methods",
    "hardware": "device",
    "other_product": "others say",
    "other_version": "others say",
    "system_against": "other hints",
}
_MORE_FACTS: Final = {  # for those who want the bytes too
    "tls_cipher": "cipher",
    "options": "options",
    "key_exchange": "key exchange",
    "host_keys": "host keys",
    "ciphers": "ciphers",
    "message_codes": "message codes",
    "certificate_sha256": "fingerprint",
    "fingerprints": "also known as",
    "system_why": "system from",
    "hassh": "HASSH",
    "interface": "interface",
}


def drawing(answer: IdentifyAnswer, columns: int, *, in_hex: bool = False) -> list[RenderableType]:
    """Draw one answer for a width of ``columns``."""
    parts: list[RenderableType] = [_headline(answer)]
    sentence = answer.sentence or f"{answer.why[:1].upper()}{answer.why[1:]}."
    parts.append(Padding(Text(printable(sentence)), (0, 0, 0, 2)))
    parts.append(Padding(_known(answer, columns, in_hex=in_hex), (0, 0, 0, 2)))
    if any(attempt.exchanges or attempt.trouble for attempt in answer.evidence):
        parts.append(Padding(Text(_effort(answer), style="bold"), (0, 0, 0, 2)))
        parts.extend(Padding(line, (0, 0, 0, 4)) for line in _conversation(answer.evidence, columns - 4, in_hex=in_hex))
    return parts


def protocols(known: Iterable[tuple[str, str, tuple[int, ...], str]]) -> Table:
    """Draw the list of what can be recognised."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("protocol", "what it is", "usual ports"):
        table.add_column(heading)
    for name, title, ports, _ in known:
        shown = ", ".join(map(str, ports[:4])) + ("…" if len(ports) > 4 else "")
        table.add_row(*(Text(text) for text in (name, title, shown)))
    return table


def _headline(answer: IdentifyAnswer) -> Text:
    place = answer.address.with_port(answer.port)
    text = Text(f"{answer.transport} {place}", style="bold")
    if answer.host != str(answer.address):
        text.append(f" ({printable(answer.host)})", style="")
    if answer.outcome is not Outcome.IDENTIFIED:
        return text.append(f"  {_HEADLINES[answer.outcome]}", style="yellow")
    named = f"{answer.product} {answer.version}".strip()
    service = f"{answer.service}{' in TLS' if answer.tls and answer.service != 'tls' else ''}"
    text.append(f"  {printable(service)}", style="cyan")
    text.append(f"  {printable(named)}" if named else "", style="green")
    return text.append(f"  {_SURE[answer.confidence]}", style="dim" if answer.confidence is Certainty.MEASURED else "yellow")


def _known(answer: IdentifyAnswer, columns: int, *, in_hex: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    if answer.outcome is Outcome.IDENTIFIED:
        rows = [("how we know", answer.why), ("made by", answer.vendor), ("package", answer.revision), ("system", _system(answer))]
        rows += [("host name", answer.host_name), ("CPE", answer.cpe)]
        wanted = {**_FACTS, **_MORE_FACTS} if in_hex else _FACTS
        rows += [(words, _worded(answer, fact, columns)) for fact, words in wanted.items() if fact in answer.facts]
        for words, value in rows:
            if value:
                table.add_row(Text(words), Text(printable(value)))
    return table


def _system(answer: IdentifyAnswer) -> str:
    """The system, and how sure it is where several hints were weighed."""
    sure = answer.facts.get("system_confidence")
    return f"{answer.system} ({sure})" if answer.system and isinstance(sure, str) else answer.system


def _worded(answer: IdentifyAnswer, name: str, columns: int) -> str:
    fact = answer.facts[name]
    if name == "starttls" and answer.tls:
        return ""  # it is encrypted already
    if name == "certificate_not_after":
        return _expiry(str(fact), answer.at)
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, list):
        return textwrap.shorten(", ".join(fact), 2 * (columns - 20), placeholder=" …")
    return "" if fact is None or fact == "unknown" else str(fact)


def _expiry(text: str, at: datetime.datetime) -> str:
    """The day, and how far it is from the moment of asking."""
    try:
        days = (datetime.datetime.fromisoformat(text) - at).days
    except (ValueError, TypeError, OverflowError):
        return text
    return f"{text[:10]} (in {count(days, 'day')})" if days >= 0 else f"{text[:10]}: EXPIRED {count(-days, 'day')} ago"


def _effort(answer: IdentifyAnswer) -> str:
    made = count(answer.connections, "connection" if answer.transport != "udp" else "question")
    return f"What was said: {made}, {answer.elapsed_ms / 1000:.2f} s, {answer.sent_bytes:,} bytes out, {answer.received_bytes:,} in"


def _conversation(attempts: Sequence[AttemptMade], columns: int, *, in_hex: bool) -> Iterator[Text]:
    for place, attempt in enumerate(attempts):
        if len(attempts) > 1 or attempt.tls:
            yield Text(f"{place + 1}. {_manner(attempt)}", style="dim")
        for exchange in attempt.exchanges:
            yield from _turn("→", exchange, columns, in_hex=in_hex, sent=True)
            yield from _turn("←", exchange, columns, in_hex=in_hex, sent=False)
        if not any(exchange.received_bytes for exchange in attempt.exchanges) and not attempt.trouble:
            yield Text("← it hung up" if attempt.closed else "← nothing", style="dim")
        if attempt.trouble:
            yield Text(f"✗ {printable(attempt.trouble)}", style="dim")


def _manner(attempt: AttemptMade) -> str:
    manner = f"speaking {attempt.spoke}" if attempt.spoke else "listening"
    if not attempt.tls:
        return manner
    return f"{manner} inside {attempt.tls_version}" if attempt.tls_version else "a TLS handshake"


def _turn(arrow: str, exchange: Exchange, columns: int, *, in_hex: bool, sent: bool) -> Iterator[Text]:
    data = bytes.fromhex(exchange.sent_hex if sent else exchange.received_hex)
    size = exchange.sent_bytes if sent else exchange.received_bytes
    if not size:
        return
    if in_hex:
        lines, shown = list(_hex_lines(data[:_HEX_BYTES_SHOWN])), min(size, _HEX_BYTES_SHOWN)
        rest = f"… and {size - shown:,} bytes more" if size > shown else ""
    else:
        lines, rest = _text_lines(data, size, columns - 2)
    for place, line in enumerate(lines):
        yield Text.assemble((f"{arrow if place == 0 else ' '} ", "cyan" if sent else "green"), line)
    if rest:
        yield Text(f"  {rest}", style="dim")


def _text_lines(data: bytes, size: int, columns: int) -> tuple[list[str], str]:
    """The lines of a text, each cut at the width; bytes that are no text are counted instead."""
    if _is_binary(data):
        shown = printable("".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data))
        return [
            shown[: 2 * columns][i : i + columns] for i in range(0, min(len(shown), 2 * columns), columns)
        ], f"({size:,} bytes, --hex shows them)"
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").rstrip("\n")
    lines = [printable(line, 4 * columns) for line in text.split("\n") if line.strip()]
    cut = [line if len(line) <= columns else f"{line[: columns - 1]}…" for line in lines[:_LINES_SHOWN]]
    more = len(lines) - _LINES_SHOWN
    return cut, f"… and {count(more, 'line')} more" if more > 0 else ""


def _is_binary(data: bytes) -> bool:
    odd = sum(1 for byte in data if byte < 32 and byte not in b"\r\n\t") + data.count(b"\xff")
    return odd * 8 > len(data)


def _hex_lines(data: bytes) -> Iterator[str]:
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield f"{start:04x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {shown}"
