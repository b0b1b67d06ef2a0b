"""The files of a scan that can go on after a kill: the state, replaced as a whole, and the found doors, appended one by one.

Written for the death of the process, not of the machine: a write that the kernel has taken survives kill -9. The found doors are forced
to the disk before a state that counts them, so that after a power cut the worst is to ask some doors again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from doorward.errors import CallError, WorldError
from doorward.scan.answer import DoorLine
from doorward.scan.resumption import ScanState, decode_found, decode_state, encode_found, encode_state, refuse_another_scan

__all__ = ["ResumeFile"]

_EVERY_NS: Final = 1_000_000_000
_FOUND: Final = ".found"


class _Monotonic(Protocol):
    def monotonic_ns(self) -> int: ...


class ResumeFile:
    """An open pair of files; ``state`` and ``found`` are what they held when they were opened, or the beginning of a new scan."""

    def __init__(self, path: Path, state: ScanState, found: list[DoorLine], descriptor: int, clock: _Monotonic) -> None:
        self.path = path
        self.state = state
        self.found = found
        self._found_path = _beside(path)
        self._descriptor = descriptor
        self._clock = clock
        self._saved_ns: int | None = None
        self._is_behind = False

    @classmethod
    def open(cls, path: Path, fresh: ScanState, clock: _Monotonic) -> ResumeFile:
        """Open the files of a scan that was begun before, or begin with ``fresh``.

        Raises `CallError` when the file belongs to another call, or to none; `WorldError` when it can't be used, or is in use.
        """
        with _explained(path):
            data = path.read_bytes() if path.exists() else None
            if data is not None:
                refuse_another_scan(decode_state(data, str(path)), fresh.identity, str(path))
            descriptor = os.open(_beside(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with _explained(path):
                _lock(descriptor, path)
                if data is not None:  # what was read before the lock may have been another process's last but one
                    data = path.read_bytes()
                return cls._opened(path, data, fresh, descriptor, clock)
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def _opened(cls, path: Path, data: bytes | None, fresh: ScanState, descriptor: int, clock: _Monotonic) -> ResumeFile:
        found, whole = decode_found(_whole_file(descriptor))
        if data is None and found:
            why = f"{_beside(path)} holds the found doors of another scan, whose state is gone"
            raise CallError("begin a scan in", str(path), why=why, remedy="Move that file away, or name another one.")
        os.ftruncate(descriptor, whole)  # what follows is a line that a kill tore
        os.lseek(descriptor, 0, os.SEEK_END)
        file = cls(path, decode_state(data, str(path)) if data is not None else fresh, found, descriptor, clock)
        file.save(file.state, at_once=True)
        return file

    def keep(self, door: DoorLine) -> None:
        """Append one found door; once this returns, a kill can't take it back."""
        with _explained(self.path):
            _write_all(self._descriptor, encode_found(door))
        self._is_behind = True

    @property
    def is_due(self) -> bool:
        """Whether the last state was saved a second ago or more."""
        return self._saved_ns is None or self._clock.monotonic_ns() - self._saved_ns >= _EVERY_NS

    def save(self, state: ScanState, *, at_once: bool = False) -> None:
        """Replace the state, unless that was done less than a second ago."""
        if not at_once and not self.is_due:
            return
        with _explained(self.path):
            if self._is_behind:
                os.fdatasync(self._descriptor)
                self._is_behind = False
            beside = self.path.with_name(f"{self.path.name}.new")
            beside.write_bytes(encode_state(state))
            beside.replace(self.path)
        self.state = state
        self._saved_ns = self._clock.monotonic_ns()

    def finish(self) -> None:
        """The scan has come to its end and its results are handed over: nothing is left to go on with."""
        for path in (self.path, self._found_path):
            path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Leave the files for the next time."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _FOUND)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WorldError(
            "continue the scan in", str(path), why="another process is at it", remedy="Wait for it, or name another file."
        ) from None


def _whole_file(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, or none: half a line before a full disk is taken back, for the next one would stick to it."""
    begin = os.lseek(descriptor, 0, os.SEEK_CUR)
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError:
        os.ftruncate(descriptor, begin)
        os.lseek(descriptor, begin, os.SEEK_SET)
        raise


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise WorldError("keep the state of the scan in", str(path), why=why, remedy="Name a file in a folder of yours.") from None
    except ValueError as error:  # a path with a NUL in it
        raise CallError("keep the state of the scan in", str(path), why=str(error)) from None
