from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def test_the_page_of_verbs_is_what_the_program_says() -> None:
    done = subprocess.run([sys.executable, "tools/write_docs.py", "--check"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
