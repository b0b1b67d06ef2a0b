"""The protocols, one file each, found here by their place; none knows its neighbours."""

__all__: list[str] = []
