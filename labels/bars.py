"""Finds where in a picture parallel bars are and how they lie, so that reading looks there alone, upright and close.

It only says where to look: bars that are no code cost a little time, and nothing is ever read here."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

CELL = 12
"""Pixels of a square that is judged as a whole."""
_PARALLEL = 0.55
"""How much of a square's contrast must lie in one direction, of 1."""
_STRONG = 0.06
"""How strong it must be, of the strongest squares in the picture."""
_FEWEST = 16
"""Squares that make a code: smaller ones can't be read anyway."""
_NARROWEST = 8 * CELL
"""Less than a hundred pixels hold no track number's bars."""
MOST = 8
_TURN = math.sin(math.radians(20))
"""Neighbours turned by more belong to different codes."""

_NEAR = tuple((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0))

Point = tuple[float, float]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Bars:
    """`centre` in pixels; `angle` in radians, of the direction across the bars; `width` along it and `height`."""

    centre: Point
    angle: float
    width: float
    height: float

    def holds(self, point: Point) -> bool:
        x, y = turned((point[0] - self.centre[0], point[1] - self.centre[1]), -self.angle)
        return abs(x) <= self.width / 2 and abs(y) <= self.height / 2 + CELL


def turned(point: Point, angle: float) -> Point:
    x, y = point
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def bars_in(picture: Image.Image) -> list[Bars]:
    """The largest first; `picture` is grey and of the usual size."""
    if min(picture.size) < 4 * CELL:
        return []
    across, along, mixed = _contrasts(np.asarray(picture))
    strength = across + along
    one_way = np.hypot(across - along, 2 * mixed)
    enough = _STRONG * float(np.percentile(strength, 99))
    chosen = np.argwhere((strength > enough) & (one_way > _PARALLEL * strength))
    angles = 0.5 * np.arctan2(2 * mixed, across - along)[chosen[:, 0], chosen[:, 1]]
    lying: dict[Cell, float] = {(y, x): angle for (y, x), angle in zip(chosen.tolist(), angles.tolist(), strict=True)}
    found = [_bars(cells, across, along, mixed) for cells in _groups(lying)]
    return sorted(filter(_may_be_code, found), key=lambda one: -one.width * one.height)[:MOST]


def _may_be_code(bars: Bars) -> bool:
    """The edge of a paper is parallel, too, but long and thin."""
    return bars.width > _NARROWEST and bars.width * 2 > bars.height


def _contrasts(pixels: Any) -> tuple[Any, Any, Any]:
    """The structure tensor of each square: sums of the products of its differences, taken at every other
    column and every fourth row."""
    rows, columns = (size // CELL * CELL for size in pixels.shape)
    whole = pixels[:rows, :columns]
    here, right, below, beyond = (whole[y::4, x::2].astype(np.float32) for y in (0, 1) for x in (0, 1))
    falling, rising = beyond - here, right - below
    dx, dy = falling + rising, falling - rising
    return _summed(dx * dx), _summed(dy * dy), _summed(dx * dy)


def _summed(values: Any) -> Any:
    down, along = CELL // 4, CELL // 2
    return sum(values[y::down, x::along] for y in range(down) for x in range(along))


def _groups(lying: dict[Cell, float]) -> list[list[Cell]]:
    """Neighbouring squares whose bars lie alike; takes `lying` apart."""
    groups = []
    while lying:
        todo = [lying.popitem()]
        group = []
        while todo:
            (y, x), angle = todo.pop()
            group.append((y, x))
            for near in _NEAR:
                other = (y + near[0], x + near[1])
                if other in lying and abs(math.sin(lying[other] - angle)) < _TURN:
                    todo.append((other, lying.pop(other)))
        if len(group) >= _FEWEST:
            groups.append(group)
    return groups


def _bars(cells: list[Cell], across: Any, along: Any, mixed: Any) -> Bars:
    rows, columns = np.array(cells).T
    angle = 0.5 * math.atan2(2 * mixed[rows, columns].sum(), (across - along)[rows, columns].sum())
    x, y = columns * CELL + CELL / 2, rows * CELL + CELL / 2
    u, v = x * math.cos(angle) + y * math.sin(angle), -x * math.sin(angle) + y * math.cos(angle)
    (u_low, u_high), (v_low, v_high) = _reach(u), _reach(v)
    centre = turned(((u_low + u_high) / 2, (v_low + v_high) / 2), angle)
    return Bars(centre, angle, float(u_high - u_low) + CELL, float(v_high - v_low) + CELL)


def _reach(values: Any) -> tuple[float, float]:
    """From where to where they go, but for one of a hundred at either end."""
    ordered = np.sort(values)
    out = len(ordered) // 100
    return float(ordered[out]), float(ordered[-1 - out])
