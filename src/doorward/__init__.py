"""Doorward: every door of a machine, asked of six witnesses, with a verdict, the proof and the fix.

As a library, so far one call, which streams doors as they are found::

    import doorward

    for door in doorward.scan("192.168.1.0/24", "22,80,443"):
        print(door.address, door.port, door.reason)

Importing this costs nothing: whatever a call needs is loaded when it is called.
"""

__all__ = ["__version__", "scan"]

__version__ = "0.1.0"

# ``doorward.scan`` is a room of the house and a call of the library. The room answers when it is called (scan/__init__.py), and what it
# answers with stands far above it; so this file, which belongs to no floor, looks that up by name when it is wanted. Types: __init__.pyi.


def __getattr__(name: str) -> object:
    if name == "scan":
        import importlib

        return importlib.import_module("doorward.scan")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _call_scan(*words: object, **settings: object) -> object:
    """Make the library's call `doorward.verbs.library.scan`."""
    import importlib

    call: object = importlib.import_module("doorward.verbs.library").scan(*words, **settings)
    return call
