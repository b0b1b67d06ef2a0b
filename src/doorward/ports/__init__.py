"""The complete port list, explained: what a number means, by registry, by local names and in plain words."""

__all__: list[str] = []
