"""The drill knows of every crash point how to get there; a new one can't be forgotten."""

from purchasing.crash import STEPS, UNITS
from tests.drill.matrix import BY_A_JOB, FAULTS, NOT_IN_DRILL, SCENES, UNBINDING


def test_a_scene_leads_to_every_point_or_it_is_said_why_not() -> None:
    known = BY_A_JOB | UNBINDING | SCENES.keys() | FAULTS.keys() | NOT_IN_DRILL.keys()
    assert not {*STEPS, *UNITS} - known, (
        "Say in tests/drill/matrix.py which scene leads to these points: BY_A_JOB when every reservation passes them, "
        "SCENES with a scene of their own, FAULTS with what goes wrong; else NOT_IN_DRILL with its reason."
    )
    assert not known - {*STEPS, *UNITS}, "take these out of tests/drill/matrix.py: no such point is left"
