"""One file per thing that may be wrong with a door."""

__all__: list[str] = []
