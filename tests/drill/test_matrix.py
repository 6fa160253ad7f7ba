"""The drill knows of every crash point how to get there; a new one can't be forgotten."""

from purchasing.crash import STEPS, UNITS
from tests.drill.matrix import NOT_IN_DRILL
from tests.drill.scenes import BY_A_JOB, FAULTS, SCENES, UNBINDING


def test_a_scene_leads_to_every_point_or_it_is_said_why_not() -> None:
    known = BY_A_JOB | UNBINDING | SCENES.keys() | FAULTS.keys() | NOT_IN_DRILL.keys()
    assert not {*STEPS, *UNITS} - known, (
        "Say in tests/drill/scenes.py which scene leads to these points: BY_A_JOB when every reservation passes them, "
        "SCENES with a scene of their own, FAULTS with what goes wrong; else NOT_IN_DRILL (matrix.py) with its reason."
    )
    assert not known - {*STEPS, *UNITS}, "take these out of tests/drill: no such point is left"
