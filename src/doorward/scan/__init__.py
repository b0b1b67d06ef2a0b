"""Which doors answer, seen from here."""

__all__: list[str] = []
