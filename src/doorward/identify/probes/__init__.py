"""One file per protocol: what to say first, and how to read what comes back."""

__all__: list[str] = []
