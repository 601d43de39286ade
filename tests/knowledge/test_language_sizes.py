"""Sizes of Python distributions and Alpine packages, against measured installs."""

import pytest

from dockopt.knowledge.language_sizes import alpine_size, pip_cache_size, python_closure, python_size
from dockopt.knowledge.tables import table

MEASURED = {
    "requests": 3_219_231,
    "django": 31_590_487,
    "fastapi uvicorn": 16_888_582,
    "flask gunicorn": 7_155_141,
    "pandas": 153_363_545,
    "scikit-learn": 270_367_139,
    "matplotlib": 169_469_387,
    "boto3": 26_847_947,
    "sqlalchemy": 28_763_970,
    "celery redis": 24_908_516,
    "cryptography": 17_381_108,
    "opencv-python-headless": 230_905_326,
    "jupyter": 208_688_254,
}
"""Bytes installed with dependencies and compiled modules, Python 3.11 on x86-64."""


@pytest.mark.parametrize("names", MEASURED)
def test_python_sets_are_within_a_fifth_of_what_was_measured(names: str) -> None:
    sizes = [python_size(name)[0] for name in python_closure(names.split())]
    assert sum(size.low for size in sizes) <= MEASURED[names] <= sum(size.high for size in sizes)
    assert abs(sum(size.expected for size in sizes) - MEASURED[names]) <= 0.2 * MEASURED[names]


def test_shared_dependencies_are_listed_once() -> None:
    assert python_closure(["pandas", "scipy"]).count("numpy") == 1


def test_unknown_distributions_get_a_wide_range_that_says_so() -> None:
    size, basis = python_size("no-such-distribution")
    assert size.high > 100 * size.low
    assert "not in the table" in basis


@pytest.mark.parametrize("name", ["numpy", "boto3", "no-such-distribution"])
def test_caches_are_smaller_than_what_is_installed(name: str) -> None:
    cache, size = pip_cache_size(name), python_size(name)[0]
    assert 0 < cache.low <= cache.expected <= cache.high
    assert cache.expected < size.expected


def test_alpine_packages() -> None:
    assert alpine_size("build-base")[0].expected > 100_000_000
    assert "not in the table" in alpine_size("no-such-package")[1]


def test_requirements_in_the_table_are_rows_of_it() -> None:
    names = {row[0] for row in table("python_sizes")}
    missing = {needed for row in table("python_sizes") for needed in row[2].split()} - names
    assert missing == set()


def test_extras_bring_what_they_require_and_unknown_ones_nothing() -> None:
    assert "uvloop" in python_closure(["uvicorn", "uvicorn[standard]"])
    assert python_closure(["requests[strange]", "six"]) == ("six",)
