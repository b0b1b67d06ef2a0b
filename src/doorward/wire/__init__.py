"""Bytes to headers and back, as single values and as arrays of a million; knows no sockets, files or clocks."""

__all__: list[str] = []
