"""Tries fingerprints on their authors' own examples: does each come out as promised? Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from doorward.identify.fingerprints.library import Library
from doorward.identify.fingerprints.recog import Example, RecogFile
from doorward.values.printable import printable

__all__ = ["example_text", "failures", "library_of"]


def library_of(files: Iterable[RecogFile], source: str = "Recog") -> Library:
    """A library of what was just read, before it is kept."""
    fields = {file.field.name: file.field for file in files}
    return Library(source, fields.get)


def example_text(example: Example) -> str:
    """The example as it would have been received; bytes that were encoded are one character each."""
    if example.encoding != "base64":
        return example.text
    try:
        return base64.b64decode(example.text).decode("latin-1")
    except (binascii.Error, ValueError):
        return example.text


def failures(files: Iterable[RecogFile], library: Library) -> list[str]:
    """The examples that don't come out as their authors promise, each in a line."""
    failed = []
    for file in files:
        left_out = {one.number for one in file.left_out}
        for example in file.examples:
            if example.number in left_out:
                continue
            found = library.recognise(file.field.name, example_text(example))
            told = found.promises if found is not None else {}
            wrong = [name for name, value in example.promises.items() if told.get(name) != value]
            if found is None or wrong:
                failed.append(
                    f"{file.field.name} #{example.number}: {printable(example.text, 60)}: {', '.join(wrong) or 'nothing matches'}"
                )
    return failed
