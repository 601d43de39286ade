"""What is only pointed out: a fix without edits, at advice level."""

import pytest

from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import find

BOTH = "curl and wget are both installed, and the file does not call both"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM debian:12\nRUN apt-get install -y curl wget && curl -O x\n", [BOTH]),
        ("FROM alpine:3\nRUN apk add curl\nRUN apk add wget\n", [BOTH]),
        ("FROM debian:12\nRUN apt-get install -y curl wget && curl x && wget y\n", []),
        ("FROM debian:12\nRUN apt-get install -y curl\nRUN wget y\n", []),
        ("FROM debian:12\nRUN apt-get install -y $X wget && echo curl\n", []),
        ("FROM alpine:3\nRUN apk add $X wget && echo curl\n", []),
        ("FROM debian:12 AS a\nRUN apt-get install -y curl wget\nFROM debian:12\nCOPY --from=a /x /x\n", []),
    ],
)
def test_two_downloaders(text: str, said: list[str]) -> None:
    outcome = optimize(text, transforms=[find("drop-second-downloader")])
    assert outcome.after == text
    assert [fate.fix.title for fate in outcome.fates] == said
