"""Random input within a budget of seconds; a failure names its seed, and FUZZ_SEED makes just that throw again."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**20, 1.5, float("1e308"), "", "0", "-1", "null", "１２", "¥1,0", "1e9", "\u202e"),
    *([], [None], [[]], {}, {"": ""}, "x" * 3000, "<b>&", "2026-99-99 25:61:00", "9" * 40),
)


def throws(seconds: float) -> Iterator[random.Random]:
    """Dice, one after another, until the seconds are over."""
    given = os.environ.get("FUZZ_SEED")
    seed, end = int(given or random.SystemRandom().randrange(10**9)), time.monotonic() + seconds
    while True:
        dice = random.Random(seed)  # noqa: S311 - a throw must be repeatable
        dice.seed_given = seed  # type: ignore[attr-defined]  # told when something comes of it
        yield dice
        seed += 1
        if given or time.monotonic() > end:
            return


@contextmanager
def told(dice: random.Random) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        error.add_note(f"FUZZ_SEED={dice.seed_given}")  # type: ignore[attr-defined]  # set by `throws`
        raise


def bent(value: Any, dice: random.Random, times: int = 3) -> Any:
    """A JSON value with some of its parts replaced, left out or doubled."""
    for _ in range(dice.randint(1, times)):
        value = _bent_once(value, dice)
    return value


def _bent_once(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        if dice.random() < 0.15:
            return {name: one for name, one in value.items() if name != key}
        return value | {key: _bent_once(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        place = dice.randrange(len(value))
        changes: tuple[Callable[[], Any], ...] = (
            lambda: [*value, value[place]],
            lambda: value[:place],
            lambda: [*value[:place], _bent_once(value[place], dice), *value[place + 1 :]],
        )
        return dice.choice(changes)()
    return dice.choice(ODD)
