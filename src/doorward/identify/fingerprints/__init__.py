"""Fingerprints that others collected: read from a folder that the user has, kept in a compact file, matched in linear time."""

__all__: list[str] = []
