"""The table of practices: every row has a state, and the transforms it names are those that there are."""

import json
import re
from pathlib import Path

import pytest

from dockopt.cli import main
from dockopt.config import PRESETS
from dockopt.engine.registry import transforms
from dockopt.report.catalogue import levels, lowest_level

PAGE = Path(__file__).parents[1] / "docs" / "practices.md"
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| practice")
]
LABELS = {transform.label: transform for transform in transforms()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_practice_has_a_state(row: list[str]) -> None:
    practice, state, level, note = row
    assert practice
    named = re.findall(r"`([a-z-]+)`", state)
    if not named:
        assert state in ("planned", "refused")
        assert note or state == "planned"
        assert bool(level) == (state == "planned")
        return
    found = {lowest_level(LABELS[name]) for name in named}
    possible = found.union(*({one.label for one in levels(LABELS[name])} for name in named))
    assert level in possible


def test_every_transform_is_in_the_table() -> None:
    named = {name for _, state, _, _ in ROWS for name in re.findall(r"`([a-z-]+)`", state)}
    assert named == LABELS.keys()


@pytest.mark.parametrize("preset", PRESETS)
def test_list_shows_what_is_in_a_preset(preset: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["list", "--preset", preset, "--format", "json"]) == 0
    shown = json.loads(capfdbinary.readouterr().out)["transforms"]
    wanted = sorted(t.name for t in transforms() if t.purpose in PRESETS[preset])
    assert [one["name"].replace("-", "_") for one in shown] == wanted
