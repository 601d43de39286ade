"""Any two transforms, whichever goes first, reach texts that mean the same."""

from itertools import combinations

import pytest

from dockopt.config import Settings
from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.fixes import Transform
from tests.harness import context_of, settings_of
from tests.laws import order_matters

PAIRS = [
    pytest.param(first, second, id=f"{first.label}+{second.label}") for first, second in combinations(transforms(), 2)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_order_does_not_matter(first: Transform, second: Transform) -> None:
    for example in (*first.examples, *second.examples):
        context, settings = context_of(example), settings_of(example)
        one, other = (optimize(example.before, settings, context, pair) for pair in ((first, second), (second, first)))
        assert list(order_matters(one, other, (first, second), context)) == []


MOUNTS = "use-cache-mounts"
CLEANED = ("npm", "yarn", "composer", "gem")
MOUNTED = """\
# syntax=docker/dockerfile:1
FROM python:3.12 AS one
RUN pip install flask
FROM node:20 AS two
RUN npm ci
FROM node:20 AS three
RUN yarn global add serve
FROM php:8.4 AS four
RUN composer install
FROM ruby:3.4
RUN bundle install
"""


@pytest.mark.parametrize("label", [*(f"remove-{tool}-cache" for tool in CLEANED), "use-pip-no-cache-dir"])
def test_a_mount_takes_the_place_of_cleaning_up_whichever_comes_first(label: str) -> None:
    mounts, other = (next(one for one in transforms() if one.label == name) for name in (MOUNTS, label))
    alone = optimize(MOUNTED, Settings(), None, [mounts]).after
    assert alone.count("--mount=type=cache") == 5
    for pair in ((mounts, other), (other, mounts)):
        assert optimize(MOUNTED, Settings(), None, pair).after == alone
