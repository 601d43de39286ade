"""What apt-get install adds: one example for every rule."""

import pytest
from tests.debian.packages import EMPTY, added, compiled, install, small, stanza, system

from dockopt.debian.index import Index


def test_dependencies_come_along_recommendations_on_request() -> None:
    index = small("a: Depends b; Pre_Depends c; Recommends d; Suggests e", "b", "c: Recommends f", "d", "e", "f")
    assert added(index, "a") == ["a", "b", "c", "d", "f"]
    assert added(index, "a", recommends=False) == ["a", "b", "c"]


def test_what_is_installed_adds_nothing() -> None:
    index = small("a: Depends b, c", "b: Recommends d", "c", "d")
    assert added(index, "a", "b", on=system("b")) == ["a", "c"]
    assert added(index, "b", on=system("b")) == []


def test_the_first_alternative_that_can_be_had_is_taken() -> None:
    index = small("a: Depends x | y", "x", "y", "b: Depends gone | y", "c: Depends broken | y", "broken: Depends gone")
    assert added(index, "a") == ["a", "x"]
    assert added(index, "b") == ["b", "y"]
    assert added(index, "c") == ["c", "y"]


def test_alternatives_that_are_there_or_asked_for_come_first() -> None:
    index = small("a: Depends x | y", "x", "y", "z: Depends y")
    assert added(index, "a", on=system("y")) == ["a"]
    assert added(index, "a", "y") == ["a", "y"]
    assert added(index, "y", "a") == ["a", "y"]
    assert added(index, "z", "a") == ["a", "y", "z"]
    assert added(index, "a", "z") == ["a", "x", "y", "z"]


def test_virtual_packages() -> None:
    index = small("a: Depends mail", "postfix: Provides mail", "exim: Provides mail", "b: Depends mail | exim")
    assert added(index, "a") == ["a", "exim"]
    assert added(index, "a", "postfix") == ["a", "postfix"]
    assert added(index, "a", on=system("postfix")) == ["a"]


def test_a_package_of_the_name_comes_before_those_that_provide_it() -> None:
    index = small("a: Depends mail", "z: Provides mail; Priority required", "mail")
    assert added(index, "a") == ["a", "mail"]


def test_any_architecture_makes_a_name_virtual() -> None:
    index = compiled(
        [
            stanza("a", Depends="make:any"),
            stanza("b", Depends="make"),
            stanza("make", Multi_Arch="allowed"),
            stanza("make-other", Provides="make", Multi_Arch="allowed"),
        ]
    )
    assert added(index, "a") == ["a", "make-other"]
    assert added(index, "b") == ["b", "make"]
    assert added(index, "b", "a") == ["a", "b", "make"]


def test_a_virtual_package_is_installed_by_name_where_one_provides_it() -> None:
    index = small("new: Provides old", "x: Provides both", "y: Provides both")
    assert added(index, "old") == ["new"]
    change = install(index, EMPTY, ["both", "new"], recommends=True)
    assert (change.added, change.unknown) == (("new",), ("both",))


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("b (>= 1)", ["a", "b"]),
        ("b (>= 2)", ["a", "b"]),
        ("b (>= 3) | c", ["a", "c"]),
        ("b (<< 2) | c", ["a", "c"]),
        ("b (= 2)", ["a", "b"]),
        ("virtual (>= 4)", ["a", "d"]),
        ("virtual (>= 6) | c", ["a", "c"]),
        ("unversioned (>= 1) | c", ["a", "c"]),
    ],
)
def test_versions_in_relations(relation: str, expected: list[str]) -> None:
    """The newest `b` is 2; 1 is still there."""
    others = [stanza("b", "1"), stanza("c"), stanza("d", Provides="virtual (= 5), unversioned")]
    assert added(compiled([stanza("a", Depends=relation), *others], [stanza("b", "2")]), "a") == expected


def two_versions() -> Index:
    return compiled(
        [stanza("a", "1-1", Depends="lib (= 1)"), stanza("lib", "1", Depends="old"), stanza("old"), stanza("new")],
        [stanza("a", "2-1", Depends="lib (= 2)"), stanza("lib", "2", Depends="new")],
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("a",), ["a", "lib", "new"]),
        (("a=2-1",), ["a", "lib", "new"]),
        (("a=1-1", "lib=1"), ["a", "lib", "old"]),
        (("a=1*", "lib=1"), ["a", "lib", "old"]),
        (("a/bookworm", "lib/stable"), ["a", "lib", "old"]),
        (("a/bookworm-security",), ["a", "lib", "new"]),
        (("a:amd64",), ["a", "lib", "new"]),
    ],
)
def test_versions_and_suites_that_are_asked_for(words: tuple[str, ...], expected: list[str]) -> None:
    change = install(two_versions(), EMPTY, words, recommends=True)
    assert (sorted(change.added), change.problems, change.unknown) == (expected, (), ())
    assert sorted(change.after.installed) == expected


@pytest.mark.parametrize("word", ["none", "a=3", "a/sid", "a:armhf", "none*", "none="])
def test_what_the_index_does_not_have_is_unknown(word: str) -> None:
    change = install(two_versions(), EMPTY, [word, "new"], recommends=True)
    assert (change.added, change.unknown) == (("new",), (word,))


def test_a_version_that_does_not_fit_is_a_problem() -> None:
    change = install(two_versions(), EMPTY, ["a=1-1"], recommends=True)
    assert change.problems == ("a cannot be installed",)


def test_another_version_replaces_the_installed_one() -> None:
    change = install(two_versions(), system("lib", "new"), ["lib=1"], recommends=True)
    assert (change.added, change.replaced, change.problems) == (("old",), ("lib",), ())
    assert change.after.chosen == {"lib": "1"}
    again = install(two_versions(), change.after, ["a=1-1"], recommends=True)
    assert (again.added, again.problems) == (("a",), ())


def test_signs_behind_names() -> None:
    index = small("a: Depends x | y", "x", "y", "g++", "c-", "c")
    assert added(index, "a", "x-") == ["a", "y"]
    assert added(index, "g++") == ["g++"]
    assert added(index, "g+++", "a+") == ["a", "g++", "x"]
    assert added(index, "c-") == ["c-"]
    change = install(index, system("x", "y"), ["a", "y-"], recommends=True)
    assert (change.added, change.removed) == (("a",), ("y",))


def test_patterns_install_all_they_match() -> None:
    index = small("lib1", "lib2", "tool: Provides lib9")
    assert added(index, "lib*") == ["lib1", "lib2"]
    assert added(index, "^lib[12]$") == ["lib1", "lib2"]
    assert added(index, "lib?:amd64") == ["lib1", "lib2"]


def test_conflicts_of_a_requested_package_rule_others_out() -> None:
    index = small("a: Depends x | y", "x", "y", "b: Conflicts x", "c: Breaks x (<< 2)", "v: Conflicts mail")
    assert added(index, "a", "b") == ["a", "b", "y"]
    assert added(index, "b", "a") == ["a", "b", "y"]
    assert added(index, "c", "a") == ["a", "c", "y"]


def test_conflicts_remove_what_is_installed() -> None:
    index = small("new: Conflicts old", "old", "user: Depends old", "base: Essential yes", "bad: Conflicts base")
    change = install(index, system("old", "user"), ["new"], recommends=True)
    assert (change.added, change.removed, change.problems) == (("new",), ("old", "user"), ())
    assert install(index, system("base"), ["bad"], recommends=True).problems == ("bad cannot be installed",)


def test_a_package_does_not_conflict_with_itself() -> None:
    index = small("a: Provides mail; Conflicts mail, a", "b: Provides mail; Conflicts mail", "c: Depends a, b")
    assert added(index, "a") == ["a"]
    assert install(index, EMPTY, ["a", "b"], recommends=True).problems == (
        "a cannot be installed",
        "b cannot be installed",
    )


def test_recommendations_that_would_push_something_out_are_not_followed() -> None:
    index = small("a: Recommends b", "b: Conflicts needed", "needed", "c: Recommends d", "d: Depends gone")
    assert added(index, "a", "needed") == ["a", "needed"]
    assert added(index, "c") == ["c"]


def test_what_was_brought_for_nothing_is_not_installed() -> None:
    """`b` brings `x` before it turns out that it cannot be had."""
    index = small("a: Recommends b", "b: Depends x, y", "x", "y: Depends z", "z: Depends gone")
    assert added(index, "a") == ["a"]


def test_circles() -> None:
    index = small("a: Depends b", "b: Depends a; Recommends c", "c: Depends a")
    assert added(index, "a") == ["a", "b", "c"]
    assert added(index, "b", recommends=False) == ["a", "b"]


def test_several_installs_in_sequence() -> None:
    index = small("a: Depends b", "b: Recommends c", "c", "d: Depends b, e", "e")
    first = install(index, system("base"), ["a"], recommends=False)
    second = install(index, first.after, ["d"], recommends=True)
    assert (sorted(first.added), sorted(second.added)) == (["a", "b"], ["d", "e"])
    assert second.after == system("base", "a", "d", automatic=("b", "e"))


def test_a_package_named_later_was_not_installed_for_others_sake() -> None:
    index = small("a: Depends b", "b")
    first = install(index, EMPTY, ["a"], recommends=True)
    assert first.after == system("a", automatic=("b",))
    assert install(index, first.after, ["b"], recommends=True).after == system("a", "b")
