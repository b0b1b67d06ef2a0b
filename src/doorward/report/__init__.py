"""Answers drawn for the terminal and as a page; values in, drawings out."""

__all__: list[str] = []
