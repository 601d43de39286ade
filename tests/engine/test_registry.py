"""Finding transforms by name."""

import pytest

from dockopt.engine.registry import find, transforms
from dockopt.errors import SettingsError


def test_every_module_is_found_in_the_order_of_phases() -> None:
    found = transforms()
    assert [(t.phase, t.name) for t in found] == sorted((t.phase, t.name) for t in found)
    assert len({t.name for t in found}) == len(found)


@pytest.mark.parametrize("name", ["remove-apt-lists", "remove_apt_lists", " Remove-Apt-Lists "])
def test_a_name_in_any_spelling(name: str) -> None:
    assert find(name).name == "remove_apt_lists"


def test_a_name_that_is_close() -> None:
    with pytest.raises(SettingsError, match="did you mean remove-apt-lists"):
        find("remove-apt-list")
    with pytest.raises(SettingsError, match="see `dockopt list`"):
        find("zzz")
