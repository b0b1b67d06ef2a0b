"""Frames in and out of the kernel, as arrays."""

__all__: list[str] = []
