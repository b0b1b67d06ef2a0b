"""Memory: evidence as intervals of validity in one SQLite file; knows envelopes, and no room that filled them. See WHY.md."""

__all__: list[str] = []
