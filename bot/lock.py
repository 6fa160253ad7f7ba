"""One process per data directory: a second one would poll with the same token and drive the same browsers."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from purchasing.errors import VykupError


class AlreadyRunning(VykupError):
    """Another process holds the data directory."""


@contextmanager
def data_dir_lock(data_dir: Path) -> Iterator[None]:
    """Holds the lock for the block. Raises AlreadyRunning. The system lets go of it when the process dies."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "vykup.lock"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"Vykup already runs on {data_dir} (process {holder}): stop that one, or set another DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
