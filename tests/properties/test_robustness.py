"""No input makes dockopt raise or think for long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.config import Settings
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.fixes import Level
from dockopt.text.source import SourceText
from tests.plausible import few_examples
from tests.strategies import dockerfiles, scraps

AGGRESSIVE = Settings(level=Level.AGGRESSIVE)
HANG = 20.0
"""Seconds of CPU after which something grows faster than its input; how long things take is what `poe bench` prints."""

LONG = {
    "a long line": "FROM debian:12\nRUN echo " + "a" * 60_000 + "\n",
    "a long word list": "FROM debian:12\nRUN apt-get install -y " + "pkg " * 10_000 + "\n",
    "many instructions": "FROM debian:12\n" + "RUN apt-get update && apt-get install -y curl\n" * 150,
    "many stages": "".join(f"FROM debian:12 AS s{n}\nRUN apt-get update\n" for n in range(200)),
    "a chain of stages": "FROM debian:12 AS s0\n" + "".join(f"FROM s{n} AS s{n + 1}\nRUN true\n" for n in range(150)),
    "many continuations": "FROM debian:12\nRUN true" + " && \\\n    echo x" * 3_000 + "\n",
    "deep subshells": "FROM debian:12\nRUN " + "(" * 2_000 + "true" + ")" * 2_000 + "\n",
    "deep substitutions": "FROM debian:12\nRUN echo " + "$(echo " * 500 + ")" * 500 + "\n",
    "deep expansions": "FROM debian:12\nENV A=" + "${A:-" * 500 + "}" * 500 + "\nRUN echo $A\n",
    "open quote": "FROM debian:12\nRUN echo '" + "\\\n x" * 5_000 + "\n",
    "open heredoc": "FROM debian:12\nRUN <<EOF\n" + "apt-get update\n" * 5_000,
    "growing environment": "FROM debian:12\nENV A=aaaaaaaa\n" + "ENV A=$A$A\n" * 40 + "RUN echo $A\n",
    "many comments": "FROM debian:12\nRUN apt-get update && \\\n" + "# note\n" * 5_000 + "  apt-get install -y curl\n",
}


@given(st.one_of(st.binary(max_size=300), scraps()))
def test_any_bytes(data: bytes) -> None:
    text = SourceText.from_bytes(data).text
    outcome = optimize(text, AGGRESSIVE)
    assert outcome.settled
    assert outcome.changed <= bool(outcome.applied)


@few_examples
@given(st.lists(scraps(), max_size=6))
def test_scraps_after_a_stage(pieces: list[bytes]) -> None:
    text = SourceText.from_bytes(b"FROM debian:12\nRUN apt-get update\n" + b"\n".join(pieces)).text
    assert optimize(text, AGGRESSIVE).settled


@few_examples
@given(dockerfiles())
def test_files_with_a_damage(text: str) -> None:
    """Every file with its middle third missing is still read or refused."""
    third = len(text) // 3
    assert optimize(text[:third] + text[2 * third :], AGGRESSIVE).settled


@pytest.mark.parametrize("name", LONG)
def test_large_input_does_not_hang(name: str) -> None:
    outcome, seconds = timed(LONG[name])
    assert outcome.settled
    assert seconds < HANG


def timed(text: str) -> tuple[Outcome, float]:
    """An outcome and the CPU seconds it took."""
    started = time.process_time()
    outcome = optimize(text, AGGRESSIVE)
    return outcome, time.process_time() - started
