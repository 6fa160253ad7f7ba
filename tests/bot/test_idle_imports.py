"""An idle bot has not loaded what only pictures, PDF files and browsers need: it would take as much memory again."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "PIL", "zxingcpp", "onnxruntime", "rapidocr", "pypdfium2", "reportlab", "playwright")
ROOT = Path(__file__).parents[2]


def test_a_bot_that_has_started_has_loaded_nothing_heavy() -> None:
    program = f"import sys, bot.commands.run, bot.app, bot.work; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
