"""Index files: what is written down of a package, in which form, and how it is found again."""

import gzip

import pytest
from tests.debian.packages import HEADER, compiled, stanza

from dockopt.debian.compile import Source, compile_index
from dockopt.debian.layout import unpack
from dockopt.debian.records import Entry, Provider, Version

PACKAGES = [
    stanza("app", "1-1", "100", Depends="lib (>= 1), tool | gone, virtual", Recommends="extra, absent"),
    stanza("extra", Section="oldlibs"),
    stanza("lib", "2-1", "7", Conflicts="old (<< 1), tool (<< 2)", Breaks="lib"),
    stanza("tool", "1", Provides="virtual (= 3), virtual-only", Essential="yes", Priority="required"),
]


def test_a_package_is_read_as_it_was_written() -> None:
    index = compiled(PACKAGES)
    assert index.versions("app") == (
        Version("app", "1-1", 102_400, 25_600, "4", ("lib", "tool", "virtual"), ("extra",), (), "r"),
    )
    assert index.versions("lib") == (Version("lib", "2-1", 7_168, 2_048, "4", (), (), ("tool",), "r"),)
    assert index.newest("tool") == Version("tool", "1", 10_240, 3_072, "1E", (), (), (), "r")
    assert index.entry("virtual") == Entry((), (Provider("tool", "3"),))
    assert index.providers("virtual-only") == (Provider("tool"),)
    assert index.entry("gone") is None
    assert (index.versions("gone"), index.newest("gone"), index.providers("gone")) == ((), None, ())


def test_versions_are_newest_first_with_their_suites() -> None:
    index = compiled([stanza("a", "1"), stanza("b", "1")], [stanza("a", "1+deb12u1"), stanza("b", "1")])
    assert [(one.version, one.suites) for one in index.versions("a")] == [("1+deb12u1", "s"), ("1", "r")]
    assert [(one.version, one.suites) for one in index.versions("b")] == [("1", "rs")]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("a", ("a",)),
        ("a (>= 1)", ("a",)),
        ("a (>= 1.5)", ("a>=1.5",)),
        ("a (>= 3)", ("a>=3",)),
        ("a (>= 3) | b", ("b",)),
        ("a (= 2)", ("a=2",)),
        ("c (>= 1)", ("c>=1",)),
        ("c", ("c",)),
        ("d (>= 1)", ("d",)),
        ("gone", ("gone",)),
        ("gone | b", ("b",)),
        ("a, a (>= 1)", ("a",)),
    ],
)
def test_relations_are_as_simple_as_they_can_be(wanted: str, kept: tuple[str, ...]) -> None:
    """Versions 1 and 2 of `a` are there; `c` is provided without a version, `d` in version 2."""
    others = [stanza("b", Provides="c"), stanza("e", Provides="d (= 2)"), stanza("a", "1")]
    index = compiled([*others, stanza("x", Depends=wanted)], [stanza("a", "2")])
    assert index.versions("x")[0].depends == kept


def test_a_package_s_own_version_is_written_once() -> None:
    text = gzip.decompress(
        compile_index(HEADER, [Source(stanza("a", "1:2-3", Depends="a-data (= 1:2-3)"), "r")], ())
    ).decode()
    assert text.count("1:2-3") == 1
    index = compiled([stanza("a", "1:2-3", Depends="b (= 1:2-3) | c, b"), stanza("b", "1:2-3"), stanza("b", "1")])
    assert index.versions("a")[0].depends == ("b=1:2-3", "b")


def test_providers_stand_in_the_order_in_which_apt_takes_them() -> None:
    """Essential before important, by priority, and of equals the one whose name was met last."""
    index = compiled(
        [
            stanza("first", Provides="mail"),
            stanza("second", Provides="mail", Depends="later"),
            stanza("later", Provides="mail"),
            stanza("standard", Provides="mail", Priority="standard"),
            stanza("important", Provides="mail", Important="yes"),
            stanza("essential", Provides="mail", Essential="yes"),
        ]
    )
    names = [provider.name for provider in index.providers("mail")]
    assert names == ["essential", "important", "standard", "later", "second", "first"]


def test_names_for_any_architecture() -> None:
    """They are virtual where another package stands for the name too, plain otherwise."""
    index = compiled(
        [
            stanza("user", Depends="make:any, python:any (>= 1)"),
            stanza("make", Multi_Arch="allowed"),
            stanza("make-other", "5", Provides="make (= 4)", Multi_Arch="allowed"),
            stanza("make-foreign", Provides="make", Multi_Arch="foreign"),
            stanza("python", Multi_Arch="allowed"),
        ]
    )
    assert index.versions("user")[0].depends == ("make:any", "python")
    assert index.entry("make:any") == Entry((), (Provider("make-other", "4"), Provider("make", "1")))


def test_foreign_architectures_are_left_out() -> None:
    index = compiled([stanza("a", Architecture="i386"), stanza("b", Architecture="all")])
    assert index.names == ("b",)


@pytest.mark.parametrize("popular", [(), ("m500",), ("m000", "m999", "none")])
def test_names_are_found_in_every_block(popular: tuple[str, ...]) -> None:
    packages = [stanza(f"m{number:03}", Description="x", Depends="m000, " * 30 + "m001") for number in range(1000)]
    padded = [text.replace("m000, ", f"z{'y' * 60}, ") for text in packages]
    index = compiled(padded, popular=popular)
    for name in ("m000", "m001", "m499", "m500", "m998", "m999"):
        assert [one.name for one in index.versions(name)] == [name]
    assert [index.newest(name) for name in ("", "a", "m", "m0000", "zz")] == [None] * 5
    assert len(index.names) == 1000
    assert index.popular == set(popular) - {"none"}


def test_patterns() -> None:
    index = compiled([stanza(name) for name in ("libx1", "libx2", "libx2-dev", "y+z")])
    assert index.matching("libx?") == ("libx1", "libx2")
    assert index.matching("libx*") == ("libx1", "libx2", "libx2-dev")
    assert index.matching("^libx[0-9]$") == ("libx1", "libx2")
    assert index.matching("libx.*dev") == ("libx2-dev",)
    assert index.matching("libx") == ()
    assert index.matching("libx.-dev") == ()
    assert index.matching("(") == ()
    assert index.matching("*(") == ()
    assert index.matching("=*") == ()


def test_a_package_whose_name_others_provide_matches_too() -> None:
    index = compiled([stanza("cron"), stanza("other", Provides="cron, nothing"), stanza("a", Depends="cron, nothing")])
    assert index.names == ("a", "cron", "other")
    assert index.matching("cr*") == ("cron",)
    assert index.matching("*o*") == ("cron", "other")


def test_patterns_find_names_in_every_block() -> None:
    needs = f"gone-{'y' * 500}"
    index = compiled([stanza(f"package-{number:03}", Depends=needs) for number in range(1000)])
    assert index.matching("package-99?") == index.names[-10:]
    assert index.matching("package-*") == index.matching("*-*") == index.names
    assert index.matching("package-[05]00") == ("package-000", "package-500")
    assert index.matching("zebra-*") == index.matching("a*") == ()


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"something else\n", mtime=0), gzip.compress(b"", mtime=0)[:12]]
)
def test_other_files_are_no_index(content: bytes) -> None:
    assert unpack(content) is None
