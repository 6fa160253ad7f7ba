"""`vykup read-label` reads pictures without a bot, a database or settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sandbox.pictures import label


def test_labels_are_read_from_files_without_settings(tmp_path: Path) -> None:
    (tmp_path / "label.jpg").write_bytes(label("YT2600000000077", "YTO"))
    (tmp_path / "notes.jpg").write_bytes(b"no picture")
    command = [sys.executable, "-m", "bot", "read-label", "label.jpg", "notes.jpg", "nothing.jpg"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    good, bad, missing = map(json.loads, done.stdout.splitlines())
    assert [found["text"] for found in good["found"]] == ["YT2600000000077"]
    assert good["found"][0]["accepted"]
    assert (bad["error"], missing["error"]) == ("not_a_picture", "FileNotFoundError")
    assert done.returncode == 1
    assert list(tmp_path.glob("data*")) == []
