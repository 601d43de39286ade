"""What apt-get remove, purge and autoremove take away."""

from tests.debian.packages import EMPTY, autoremove, install, remove, removed, small, system

INDEX = small(
    "app: Depends lib, tool | other; Recommends extra; Suggests hint",
    "lib: Depends deep",
    "deep",
    "tool",
    "other",
    "extra",
    "hint",
    "core: Essential yes; Depends corelib",
    "corelib",
    "needed: Priority required",
)
FULL = install(INDEX, EMPTY, ["app"], recommends=True).after


def test_a_removed_package_leaves_what_it_brought() -> None:
    assert sorted(FULL.installed) == ["app", "deep", "extra", "lib", "tool"]
    change = remove(INDEX, FULL, ["app"])
    assert change.removed == ("app",)
    assert change.after == system(automatic=("deep", "extra", "lib", "tool"))


def test_with_auto_remove_what_it_brought_goes_too() -> None:
    assert removed(INDEX, FULL, "app", automatic=True) == ["app", "deep", "extra", "lib", "tool"]
    assert sorted(autoremove(INDEX, remove(INDEX, FULL, ["app"]).after).removed) == ["deep", "extra", "lib", "tool"]


def test_all_that_needs_a_removed_package_goes() -> None:
    assert removed(INDEX, FULL, "deep") == ["app", "deep", "lib"]
    assert removed(INDEX, FULL, "extra") == ["extra"]


def test_another_alternative_will_do() -> None:
    both = install(INDEX, FULL, ["other"], recommends=True).after
    assert removed(INDEX, both, "tool") == ["tool"]
    assert removed(INDEX, FULL, "tool") == ["app", "tool"]


def test_every_alternative_that_is_there_is_kept() -> None:
    both = system("app", automatic=("lib", "deep", "tool", "other"))
    assert autoremove(INDEX, both).removed == ()


def test_recommended_packages_are_kept_suggested_ones_are_not() -> None:
    everything = system("app", automatic=("lib", "deep", "tool", "extra", "hint"))
    assert autoremove(INDEX, everything).removed == ("hint",)


def test_essential_and_required_packages_are_kept() -> None:
    base = system(automatic=("core", "corelib", "needed", "deep"))
    assert autoremove(INDEX, base).removed == ("deep",)


def test_what_was_asked_for_by_name_is_kept() -> None:
    named = install(INDEX, FULL, ["deep"], recommends=True).after
    assert removed(INDEX, named, "app", automatic=True) == ["app", "extra", "lib", "tool"]


def test_packages_that_the_index_does_not_know_are_kept() -> None:
    assert autoremove(INDEX, system(automatic=("foreign",))).removed == ()


def test_what_is_not_installed_is_not_removed() -> None:
    change = remove(INDEX, FULL, ["other", "none"])
    assert (change.removed, change.unknown, change.after) == ((), ("none",), FULL)


def test_patterns() -> None:
    assert removed(INDEX, FULL, "^(extra|tool)$") == ["app", "extra", "tool"]
