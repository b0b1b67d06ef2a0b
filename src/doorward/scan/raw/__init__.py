"""The raw scan: knocks stamped by the thousand, answers read as arrays, no connection of our own; see WHY.md in this folder."""

__all__: list[str] = []
