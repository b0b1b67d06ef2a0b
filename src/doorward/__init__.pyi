from doorward.verbs.library import scan as scan

__all__ = ["__version__", "scan"]

__version__: str

def _call_scan(*words: object, **settings: object) -> object: ...
