"""Estimates against layers that were measured on Debian 12: what apt installs, caches, package lists."""

import pytest
from tests.estimate.measured import PERL, AptLayer, apt_layers

from dockopt.estimate.layers import layers
from dockopt.model.dockerfile import Dockerfile

MEGABYTE = 1_000_000


def last(text: str) -> tuple[int, int, int]:
    return layers(Dockerfile.parse(text))[-1].range


@pytest.mark.parametrize("row", apt_layers(), ids=lambda row: f"{row.packages} {row.recommends}")
@pytest.mark.parametrize("variant", ["full", "slim"])
def test_apt_layers_are_within_an_eighth(row: AptLayer, variant: str) -> None:
    """The measured base had perl, so it is installed first here."""
    base = "debian:12" if variant == "full" else "debian:12-slim"
    flag = "" if row.recommends else "--no-install-recommends "
    low, expected, high = last(
        f"FROM {base}\nRUN apt-get install -y --no-install-recommends {PERL}\n"
        f"RUN apt-get install -y {flag}{row.packages}\n"
    )
    truth = row.size if variant == "full" else row.size - 0.85 * row.documents
    print(f"{row.packages:25} {variant} measured {truth / MEGABYTE:6.1f} estimated {expected / MEGABYTE:6.1f}")
    assert low <= truth * 1.02
    assert high >= truth * 0.98
    assert abs(expected - truth) <= max(0.125 * truth, 1.5 * MEGABYTE)


@pytest.mark.parametrize(("release", "measured"), [("11", 18_464_622), ("12", 19_865_908), ("13", 21_666_601)])
def test_package_lists(release: str, measured: int) -> None:
    low, _, high = last(f"FROM debian:{release}\nRUN apt-get update\n")
    assert low <= measured <= high


@pytest.mark.parametrize(
    ("packages", "saved"),
    [("git", 15.0), ("build-essential", 79.0), ("python3-pip", 378.1), ("cmake", 263.4), ("ffmpeg", 157.0)],
)
def test_what_recommendations_cost(packages: str, saved: float) -> None:
    """The difference of dpkg's own estimates, as `apt-get -s install` gives them."""
    before = layers(Dockerfile.parse(f"FROM debian:12\nRUN apt-get install -y {packages}\n"))[-1]
    after = layers(Dockerfile.parse(f"FROM debian:12\nRUN apt-get install -y --no-install-recommends {packages}\n"))[-1]
    difference = (before.expected - after.expected) / MEGABYTE
    print(f"{packages:20} measured {saved:6.1f} estimated {difference:6.1f}")
    assert abs(difference - saved) <= 0.15 * saved + 1
