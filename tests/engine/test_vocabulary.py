"""Which transforms are asked: one that a file does not concern would have proposed nothing for it."""

import pytest

from dockopt.engine.registry import transforms
from dockopt.engine.vocabulary import concerns, vocabulary
from dockopt.fixes import Transform
from dockopt.model.dockerfile import Dockerfile
from tests.harness import context_of

NARROW = [transform for transform in transforms() if transform.only_with]
FILES = [Dockerfile.parse(example.before, context_of(example)) for one in transforms() for example in one.examples]


def test_keywords_and_programs() -> None:
    text = 'FROM debian:12\nrun sudo /usr/bin/apt-get update; $X; python3 -m y\nRUN ["git", "x"]\nENV A=1\n'
    assert vocabulary(Dockerfile.parse(text)) == {"FROM", "RUN", "ENV", "apt-get", "python3", "pip"}


@pytest.mark.parametrize("transform", NARROW, ids=lambda transform: transform.label)
def test_who_is_not_asked_would_say_nothing(transform: Transform) -> None:
    others = [file for file in FILES if not concerns(vocabulary(file), transform)]
    assert others
    assert [file.text for file in others if tuple(transform.apply(file))] == []
