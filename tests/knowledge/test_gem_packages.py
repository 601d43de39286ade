"""What is known of Ruby gems: rows of our own, and what Debian's packages of gems depend on."""

from dockopt.knowledge.gem_packages import lookup

RELEASES = ("bookworm",)


def needs(name: str, release: str = "bookworm") -> tuple[str, ...] | None:
    gem = lookup(name, (release,))
    return gem.needs(release) if gem else None


def test_a_gem_that_links_a_library_needs_its_package() -> None:
    assert needs("pg") == ("libpq5",)
    assert needs("mysql2") == ("libmariadb3",)
    assert [needs("ethon", release) for release in ("bookworm", "trixie")] == [("libcurl4",), ("libcurl4t64",)]


def test_a_gem_of_debian_that_links_nothing_needs_nothing() -> None:
    assert needs("gettext") == ()


def test_a_gem_of_debian_that_links_a_library_is_not_known_by_that() -> None:
    assert lookup("magic", RELEASES) is None
    assert lookup("a-gem-that-nobody-knows", RELEASES) is None


def test_a_gem_that_calls_a_program_names_it() -> None:
    gem = lookup("git", RELEASES)
    assert gem is not None
    assert gem.tools == ("git",)
