"""A second process on the same data is refused with a sentence; the lock goes with its holder."""

import os
from pathlib import Path

import pytest

from bot.lock import AlreadyRunning, data_dir_lock


def test_a_second_one_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with data_dir_lock(data):
        sentence = rf"^Vykup already runs on .*data \(process {os.getpid()}\): .*\.$"
        with pytest.raises(AlreadyRunning, match=sentence), data_dir_lock(data):
            pass
    with data_dir_lock(data):
        pass


def test_another_directory_is_free(tmp_path: Path) -> None:
    with data_dir_lock(tmp_path / "a"), data_dir_lock(tmp_path / "b"):
        pass
