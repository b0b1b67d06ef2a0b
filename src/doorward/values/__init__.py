"""Words that every room speaks: addresses, port sets, doors, flows, evidence, verdicts, clocks, and harmless text.

Import from the file that holds the word (``from doorward.values.doors import Door``): a command then loads only what it uses.
"""

__all__: list[str] = []
