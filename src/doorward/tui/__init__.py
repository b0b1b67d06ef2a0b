"""The terminal face: live views."""

__all__: list[str] = []
