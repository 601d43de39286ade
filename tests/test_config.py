"""Which transforms run: by name, by what they are for, and style only where it was asked for."""

import pytest

from dockopt.config import PRESETS, Settings, purposes
from dockopt.errors import SettingsError
from dockopt.fixes import Purpose


def wanted(settings: Settings) -> set[str]:
    return {purpose.value for purpose in Purpose if settings.wants("one", purpose)}


def test_style_is_left_out_unless_asked_for() -> None:
    assert wanted(Settings()) == {"size", "cache", "security", "correctness"}
    assert wanted(Settings(purposes=purposes(["style"]))) == {"style"}
    assert wanted(Settings(purposes=purposes(["size", "style"]))) == {"size", "style"}
    assert wanted(Settings(purposes=purposes(["all"]))) == {purpose.value for purpose in Purpose}
    assert wanted(Settings(purposes=purposes(["ci"]))) == wanted(Settings())


def test_names_come_before_purposes() -> None:
    everything = {purpose.value for purpose in Purpose}
    assert wanted(Settings(select=frozenset({"one"}))) == everything
    assert wanted(Settings(select=frozenset({"other"}))) == set()
    assert wanted(Settings(select=frozenset({"one"}), purposes=PRESETS["cache"])) == everything
    assert wanted(Settings(select=frozenset({"other"}), purposes=PRESETS["cache"])) == {"cache"}
    assert wanted(Settings(select=frozenset({"one"}), ignore=frozenset({"one"}))) == set()


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match="'fast'; there are ci, size, cache, security, style, all"):
        purposes(["fast"])
