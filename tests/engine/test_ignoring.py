"""Comments that ask for a fix to be left out, and how far each reaches."""

import pytest

from dockopt.engine.ledger import FateKind
from dockopt.engine.pipeline import optimize

RUN = "RUN apt-get update && apt-get install -y --no-install-recommends curl\n"
CLEAN = "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n"


def cleaned(text: str) -> str:
    return optimize(text).after


@pytest.mark.parametrize(
    "comment",
    [
        "# dockopt: ignore=remove-apt-lists",
        "# dockopt: ignore=remove_apt_lists they are shown to people",
        "#dockopt: ignore=use-apk-no-cache,remove-apt-lists",
        "# dockopt: ignore=all",
    ],
)
def test_above_an_instruction(comment: str) -> None:
    text = f"FROM debian:12-slim\n{comment}\n{RUN}"
    outcome = optimize(text)
    assert outcome.after == text
    assert FateKind.SUPPRESSED in {fate.kind for fate in outcome.fates}


@pytest.mark.parametrize(
    "comment",
    [
        "# dockopt: ignore=use-apk-no-cache",
        "# dockopt: ignore",
        "# dockopt ignore=remove-apt-lists",
        "# see dockopt: ignore=remove-apt-lists",
    ],
)
def test_says_something_else(comment: str) -> None:
    assert cleaned(f"FROM debian:12-slim\n{comment}\n{RUN}") == f"FROM debian:12-slim\n{comment}\n{CLEAN}"


def test_reaches_one_instruction_only() -> None:
    text = f"FROM debian:12-slim\n# dockopt: ignore=remove-apt-lists\n{RUN}WORKDIR /srv\n{RUN}"
    assert cleaned(text) == f"FROM debian:12-slim\n# dockopt: ignore=remove-apt-lists\n{RUN}WORKDIR /srv\n{CLEAN}"


def test_an_empty_line_ends_it() -> None:
    assert cleaned(f"FROM debian:12-slim\n# dockopt: ignore=all\n\n{RUN}") == (
        f"FROM debian:12-slim\n# dockopt: ignore=all\n\n{CLEAN}"
    )


def test_several_comments_add_up() -> None:
    text = f"FROM debian:12-slim\n# dockopt: ignore=remove-apt-lists\n# a note\n# dockopt: ignore=merge-runs\n{RUN}"
    assert cleaned(text) == text


def test_inside_an_instruction() -> None:
    text = (
        "FROM debian:12-slim\nRUN apt-get update && \\\n    # dockopt: ignore=remove-apt-lists\n"
        "    apt-get install -y --no-install-recommends curl\n"
    )
    assert cleaned(text) == text


def test_for_the_whole_file() -> None:
    text = f"FROM debian:12-slim\n{RUN}WORKDIR /srv\n# dockopt: ignore-file=remove-apt-lists\n{RUN}"
    assert cleaned(text) == text
