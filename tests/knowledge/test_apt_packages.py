"""Debian's package relations: what an install brings, each package once."""

import pytest

from dockopt.knowledge.apt_packages import installed_size, packages_of
from dockopt.knowledge.tables import table

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


def test_unknown_names_are_said_and_make_the_range_wide() -> None:
    size, basis = installed_size(["no-such-package"], "bookworm", recommends=False)
    assert size.high > 50 * size.expected // 10
    assert "no-such-package" in basis


def test_overlapping_sets_do_not_count_twice() -> None:
    gcc, _ = installed_size(["gcc"], "bookworm", recommends=False)
    make, _ = installed_size(["make"], "bookworm", recommends=False)
    everything, _ = installed_size(["build-essential"], "bookworm", recommends=False)
    both, _ = installed_size(["build-essential", "gcc", "make"], "bookworm", recommends=False)
    assert both == everything
    assert gcc.expected + make.expected < everything.expected


@pytest.mark.parametrize("release", RELEASES)
def test_every_row_can_be_read_and_leads_to_known_packages(release: str) -> None:
    index = packages_of(release)
    for row in table(f"apt_packages_{release}"):
        package = index[row[0]]
        for group in (*package.depends, *package.recommends):
            assert any(name in index for name in group), (row[0], group)


def test_releases_without_a_table_use_the_nearest() -> None:
    assert packages_of("jammy").release == "bookworm"
    assert packages_of("noble").release == "trixie"
    assert packages_of("focal").release == "bullseye"
    assert packages_of(None).release == "bookworm"
