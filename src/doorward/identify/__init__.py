"""What answers: one pure reader per protocol, and the one file that talks to the far end."""

__all__: list[str] = []
