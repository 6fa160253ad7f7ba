"""The drill knows of every crash point how to get there; a new one can't be forgotten."""

from purchasing.crash import STEPS, UNITS
from tests.drill.ways import BY_A_JOB, FAULTS, SCENES, UNBINDING


def test_a_scene_leads_to_every_point() -> None:
    known = BY_A_JOB | UNBINDING | SCENES.keys() | FAULTS.keys()
    assert not {*STEPS, *UNITS} - known, (
        "Say in tests/drill/ways.py which scene leads to these points: BY_A_JOB when every reservation passes them, "
        "SCENES with a scene of their own, FAULTS with what goes wrong."
    )
    assert not known - {*STEPS, *UNITS}, "take these out of tests/drill: no such point is left"
