"""Doorward: every door of a machine, asked of six witnesses, with a verdict, the proof and the fix."""

__all__ = ["__version__"]

__version__ = "0.1.0"
