"""Plain installs: the same as marking makes of them, whenever there is an answer at all."""

from hypothesis import given
from hypothesis import strategies as st
from tests.debian.packages import EMPTY, compiled, small, stanza, system

from dockopt.debian.index import Index
from dockopt.debian.operations import universe
from dockopt.debian.plain import plain
from dockopt.debian.solver import install, marked_install
from dockopt.debian.store import load
from dockopt.debian.system import Change, System
from dockopt.debian.words import Request
from dockopt.knowledge.apt_packages import packages_of

NAMES = "abcdefgh"
GROUP = st.lists(st.sampled_from(f"{NAMES}x"), min_size=1, max_size=3).map(" | ".join)
RELATION = st.lists(GROUP, max_size=2).map(", ".join)
ENEMIES = st.lists(st.sampled_from(NAMES), max_size=1).map(", ".join)
PACKAGE = st.fixed_dictionaries(
    {"Depends": RELATION, "Recommends": RELATION, "Conflicts": st.one_of(st.just(""), st.just(""), ENEMIES)}
)
ARCHIVE = st.lists(PACKAGE, min_size=len(NAMES), max_size=len(NAMES))
SOME = st.frozensets(st.sampled_from(NAMES), max_size=4)
WORDS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
POPULAR = st.sampled_from(sorted(load("bookworm").popular))  # type: ignore[union-attr]


def answers(index: Index, on: System, words: list[str], *, recommends: bool) -> tuple[Change | None, Change]:
    requests = [Request(word, "", remove=False) for word in words]
    found = plain(universe(index)).install(on, words, recommends=recommends)
    return found, marked_install(universe(index), on, requests, recommends=recommends)


@given(ARCHIVE, SOME, WORDS, st.booleans())
def test_small_archives(packages: list[dict[str, str]], present: frozenset[str], words: list[str], bare: bool) -> None:
    index = compiled([stanza(name, **fields) for name, fields in zip(NAMES, packages, strict=True)])
    found, marked = answers(index, System(present, frozenset()), words, recommends=not bare)
    assert found in (None, marked)
    found, marked = answers(index, marked.after, [*NAMES[::-1]], recommends=bare)
    assert found in (None, marked)


@given(st.lists(POPULAR, max_size=6), st.lists(POPULAR, min_size=1, max_size=6, unique=True), st.booleans())
def test_packages_that_are_asked_for_most(before: list[str], words: list[str], bare: bool) -> None:
    index = packages_of("bookworm").index
    on = packages_of("bookworm").system(packages_of("bookworm").install(before, recommends=False).packages)
    found, marked = answers(index, on, words, recommends=not bare)
    assert found in (None, marked)


def test_most_installs_are_plain() -> None:
    packages = packages_of("bookworm")
    words = ["build-essential", "curl", "git", "libpq-dev", "nginx", "python3-pip"]
    found, marked = answers(packages.index, packages.system(()), words, recommends=True)
    assert found == marked


SIMPLE = ("a: Depends b", "e: Recommends d", "f: Depends g", "h: Depends f")


def test_what_lacks_something_and_has_no_part_in_it_does_not_matter() -> None:
    index = small("a: Depends b", "b", "c: Depends gone", "d: Depends c | b")
    for words in (["a"], ["a", "b"], ["b"]):
        found, marked = answers(index, system("c"), words, recommends=True)
        assert found == marked
    assert answers(index, system("c"), ["d"], recommends=True)[0] is None


def test_what_is_not_plain_is_left_to_marking() -> None:
    index = small(*SIMPLE, "b: Conflicts c", "c", "d: Depends gone", "g", "i: Depends g; Conflicts a")
    questions = [
        (EMPTY, ["a", "c"], "two that cannot stand each other"),
        (system("c"), ["a"], "one that cannot stand what is there"),
        (system("b"), ["c"], "one that something there cannot stand"),
        (EMPTY, ["d"], "one that cannot be had"),
        (EMPTY, ["e"], "one that recommends such a one"),
        (system("f"), ["h"], "one that needs one that lacks something"),
        (system("i"), ["c"], "one there has enemies and lacks something"),
    ]
    assert [why for on, words, why in questions if answers(index, on, words, recommends=True)[0]] == []


def test_an_install_takes_the_plain_way_or_the_other() -> None:
    index = small("a: Depends b | c", "b", "c: Conflicts b", "d: Conflicts b")
    for words in (["a"], ["a", "c"], ["a", "d"]):
        found, marked = answers(index, EMPTY, words, recommends=True)
        requests = [Request(word, "", remove=False) for word in words]
        assert install(universe(index), EMPTY, requests, recommends=True) == (found or marked)
        assert found in (None, marked)
