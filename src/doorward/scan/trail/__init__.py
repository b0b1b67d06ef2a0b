"""The way to one door: which machines pass a knock on, where it stops, and what that means. Needs no right but for SCTP."""

__all__: list[str] = []
