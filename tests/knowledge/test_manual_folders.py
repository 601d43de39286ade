"""Packages that cannot be set up in a slim image unless folders for manuals are there."""

import pytest

from dockopt.knowledge.manual_folders import manual_folders


@pytest.mark.parametrize("release", ["bullseye", "bookworm", "trixie"])
def test_java_needs_a_folder_however_it_comes(release: str) -> None:
    assert manual_folders(["default-jre-headless"], release) == ("/usr/share/man/man1",)
    assert manual_folders(["ant"], release) == ("/usr/share/man/man1",)


def test_clients_of_postgresql_need_two() -> None:
    assert manual_folders(["curl", "postgresql-client"], "bookworm") == ("/usr/share/man/man1", "/usr/share/man/man7")


def test_most_packages_need_none() -> None:
    assert manual_folders(["git", "libpq-dev", "postgresql-common", "imagemagick", "nginx"], "bookworm") == ()
