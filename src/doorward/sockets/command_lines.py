"""Command lines made fit to be shown: what looks like a secret is masked; knows words, and no process.

A secret on a command line is visible to every user of the machine already; a report that is mailed around must not carry it further.
We mask the value and keep its name, so that a reader sees that there is one. Guessing errs towards masking: a masked port number is a
nuisance, a printed password is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["MASK", "masked_command_line"]

MASK: Final = "***"

# Parts of names whose value is a secret: --db-password, API_KEY, client_secret, requirepass (Redis), but not --passive, --tokenizer,
# --max-tokens, nor names of files that hold a secret (--password-file).
_SECRET = re.compile(
    r"passw(?:or)?d|passphrase|requirepass|masterauth|secret|credential|(?:^|[-_.])(?:pass|pwd|pat|jwt|psk)(?:$|[-_.])"
    r"|token(?![a-z])|(?:api|access|auth|session|account|encryption|private|shared|signing)[-_]?key",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:file|path|dir|url|uri|env|name|type|id|length|ttl|expiry)$", re.IGNORECASE)
_WHOLE = re.compile(r"([-/]*[\w.-]+)=(.+)", re.DOTALL)
# A name and a separator anywhere in a word, and the value behind: URL queries, connection strings, JSON. Anchored at the name's start, so
# that looking through a long word takes linear time.
_NAME = re.compile(r"""(?<![\w.-])([\w.-]+)["']?\s*[=:]\s*["']?""")
_VALUE = re.compile(r"""[^\s&;,"'}]+""")
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*@")  # RFC 3986 §3.2.1; to the last @ before the path
_HEADER = re.compile(r"((?:proxy-)?authorization|cookie|x-[\w-]*(?:key|token|auth|secret)[\w-]*)(\s*:\s*)[^\"']+", re.IGNORECASE)
_WORDS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"']|["'])+|\s+""")
_USER_FLAGS: Final = frozenset({"-u", "--user", "--proxy-user", "-U"})  # curl's and its likes: name:password
_PASSWORD_SHORT: Final = frozenset({"mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin", "sshpass"})


def masked_command_line(arguments: Sequence[str]) -> str:
    """Join a process's arguments with spaces, secrets replaced by ``***``."""
    program = arguments[0].rpartition("/")[2] if arguments else ""
    return " ".join(_masked(arguments, program))


def _masked(words: Sequence[str], program: str) -> Iterator[str]:
    before = ""
    for word in words:
        if _names_secret_flag(before, program) and not word.startswith("--"):
            yield MASK
        elif before in _USER_FLAGS and ":" in word:
            yield f"{word.partition(':')[0]}:{MASK}"
        else:
            yield _masked_word(word, program)
        before = word


def _masked_word(word: str, program: str) -> str:
    whole = _WHOLE.fullmatch(word)
    if whole and _is_secret(whole.group(1)) and not any(c.isspace() for c in whole.group(1)):
        return f"{whole.group(1)}={MASK}"
    if program in _PASSWORD_SHORT and word.startswith("-p") and len(word) > 2:
        return f"-p{MASK}"
    clean = _HEADER.sub(rf"\1\2{MASK}", word)
    clean = _USERINFO.sub(f"{MASK}@", clean)
    clean = _masked_pairs(clean)
    if any(c.isspace() for c in clean):  # a shell's -c, or a title that the process wrote itself
        return _masked_sentence(clean, program)
    return clean


def _masked_sentence(text: str, program: str) -> str:
    """Mask ``--password X`` inside one argument that holds a whole command line."""
    shown: list[str] = []
    before = ""
    for piece in _WORDS.findall(text):
        if piece.isspace():
            shown.append(piece)
            continue
        hidden = _names_secret_flag(before, program) and not piece.startswith("--")
        whole = _WHOLE.fullmatch(piece)
        if whole and _is_secret(whole.group(1)):
            piece = f"{whole.group(1)}={MASK}"  # noqa: PLW2901  # the piece as it is shown
        shown.append(MASK if hidden else piece)
        before = piece
    return "".join(shown)


def _masked_pairs(text: str) -> str:
    shown: list[str] = []
    end = 0
    for name in _NAME.finditer(text):
        value = _VALUE.match(text, name.end()) if name.start() >= end and _is_secret(name.group(1)) else None
        if value is not None:
            shown += [text[end : name.end()], MASK]
            end = value.end()
    return "".join([*shown, text[end:]])


def _names_secret_flag(word: str, program: str) -> bool:
    if program == "sshpass" and word == "-p":
        return True
    return word.startswith("-") and "=" not in word and _is_secret(word)


def _is_secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _PLACE.search(name)
