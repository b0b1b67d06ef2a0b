"""Memory: evidence as intervals of validity in one SQLite file."""

__all__: list[str] = []
