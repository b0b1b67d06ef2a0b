"""Lets ``python -m doorward`` do what the command ``doorward`` does."""

import sys

from doorward.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
