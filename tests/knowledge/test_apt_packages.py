"""Debian's package relations: what an install brings, each package once."""

from pathlib import Path

import pytest
from tests.debian.packages import HEADER, stanza

from dockopt.debian.compile import Source, compile_index
from dockopt.debian.store import load, save
from dockopt.knowledge.apt_packages import packages_of

RELEASES = ("bullseye", "bookworm", "trixie")


@pytest.mark.parametrize("release", RELEASES)
def test_dependencies_come_along_and_recommendations_on_request(release: str) -> None:
    index = packages_of(release)
    without = index.install(["git"], recommends=False)
    with_them = index.install(["git"], recommends=True)
    assert {"git", "perl", "git-man"} <= set(without.packages)
    assert set(without.packages) < set(with_them.packages)
    assert "openssh-client" in with_them.packages
    assert without.unknown == ()


def test_what_is_in_the_base_or_present_adds_nothing() -> None:
    index = packages_of("bookworm")
    assert index.install(["tar", "bash", "libc6"], recommends=True).packages == ()
    alone = index.install(["git"], recommends=False)
    assert index.install(["git"], recommends=False, present=alone.packages).packages == ()


def test_virtual_packages_lead_to_real_ones() -> None:
    assert "libxslt1-dev" in packages_of("bookworm").install(["libxslt-dev"], recommends=False).packages


def test_unknown_names_are_said() -> None:
    assert packages_of("bookworm").install(["no-such-package", "less"], recommends=False) == (
        ("less",),
        ("no-such-package",),
        (),
    )


def test_names_of_other_releases_bring_what_they_bring_there() -> None:
    found = packages_of("bookworm").install(["python3.13-minimal"], recommends=False)
    assert found.packages[:1] == ("python3.13-minimal",)
    assert {"libpython3.13-minimal", "libssl3t64"} < set(found.packages)
    assert (found.unknown, found.removed) == ((), ())
    low, expected, high = packages_of("bookworm").layer_bytes("python3.13-minimal", trimmed=True)
    assert (low < 0.75 * expected, high > 1.25 * expected) == (True, True)


def test_overlapping_sets_do_not_count_twice() -> None:
    index = packages_of("bookworm")
    everything = index.install(["build-essential"], recommends=False)
    gcc = index.install(["gcc"], recommends=False)
    assert set(gcc.packages) < set(everything.packages)
    assert index.install(["build-essential"], recommends=False, present=everything.packages).packages == ()
    after_gcc = index.install(["build-essential"], recommends=False, present=gcc.packages)
    assert {*after_gcc.packages} == {*everything.packages} - {*gcc.packages}


def test_packages_make_room_for_others() -> None:
    index = packages_of("bookworm")
    present = index.install(["postfix"], recommends=False).packages
    found = index.install(["exim4-daemon-light"], recommends=False, present=present)
    assert found.removed == ("postfix",)


def test_small_recommendations_that_stand_alone_are_no_matter() -> None:
    assert packages_of("bookworm").recommended("git") == (
        ("ca-certificates",),
        ("patch",),
        ("less",),
        ("openssh-client",),
    )
    assert packages_of("bookworm").recommended("no-such-package") == ()


def test_removing_what_one_install_brought() -> None:
    index = packages_of("bookworm")
    present = index.install(["gcc", "libpq5"], recommends=False).packages
    gone = index.remove(["gcc"], present=present, requested={"gcc", "libpq5"}, automatic=True)
    assert set(gone) == set(present) - set(index.install(["libpq5"], recommends=False).packages)


def test_releases_without_a_table_use_the_nearest() -> None:
    assert packages_of("jammy").release == "bookworm"
    assert packages_of("noble").release == "trixie"
    assert packages_of("focal").release == "bullseye"
    assert packages_of(None).release == "bookworm"


def test_an_index_of_the_user_s_own_is_used_for_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKOPT_DATA", str(tmp_path))
    load.cache_clear()
    packages_of.cache_clear()
    header = HEADER._replace(distribution="ubuntu", release="24.04", codename="noble")
    save(
        "noble", compile_index(header, [Source(stanza("only", Depends="libc6, more") + "\n" + stanza("more"), "r")], ())
    )
    index = packages_of("noble")
    assert (index.release, index.has("only"), index.has("git")) == ("noble", True, False)
    packages_of.cache_clear()
    load.cache_clear()
