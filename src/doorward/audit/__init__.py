"""The witnesses joined per door, and judged."""

__all__: list[str] = []
