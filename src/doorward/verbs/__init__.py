"""One function per thing a person can ask; the only place where rooms meet."""

__all__: list[str] = []
