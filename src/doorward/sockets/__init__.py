"""Who listens and who is connected, read from the kernel and joined with processes."""

__all__: list[str] = []
