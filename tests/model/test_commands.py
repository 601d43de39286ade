"""Commands of a body: names behind wrappers, which stand at the top, whose failure fails the RUN."""

import pytest

from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile


def calls(body: str) -> tuple[Call, ...]:
    return Dockerfile.parse(f"FROM debian:12\nRUN {body}\n").runs[0].calls


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("apt-get update", "apt-get"),
        ("/usr/bin/apt-get update", "apt-get"),
        ("sudo apt-get update", "apt-get"),
        ("sudo -E apt-get update", "apt-get"),
        ("env A=1 B=2 apt-get update", "apt-get"),
        ("A=1 apt-get update", "apt-get"),
        ("exec apt-get update", "apt-get"),
        ("'apt-get' update", "apt-get"),
        ("apt-\\\nget update", "apt-get"),
        ("$X update", None),
        ("${X}get update", None),
    ],
)
def test_name(body: str, name: str | None) -> None:
    assert [call.name for call in calls(body)] == [name]


def test_commands_inside_others_are_found() -> None:
    names = [call.name for call in calls('a "$(b)" && (c; d) && if e; then f; fi && g `h`')]
    assert sorted(str(name) for name in names) == list("abcdefgh")


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("a && b", ["a", "b"]),
        ("a; b || c", ["a", "b", "c"]),
        ("a | b", []),
        ("(a)", []),
        ("{ a; }", []),
        ("! a", []),
        ("if a; then b; fi; c", ["c"]),
        ("f() { a; }; b", ["b"]),
        ("a $(b)", ["a"]),
    ],
)
def test_top(body: str, top: list[str]) -> None:
    assert [call.name for call in calls(body) if call.top] == top


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("a && b", ["a", "b"]),
        ("a; b", ["b"]),
        ("a || b", []),
        ("a && b || c", []),
        ("a && b &", []),
        ("set -e; a; b", ["a", "b"]),
        ("set -e; a && b; c", ["b", "c"]),
        ("set -eux; a; b", ["a", "b"]),
        ("set -o errexit; a; b", ["a", "b"]),
        ("set -x; a; b", ["b"]),
        ("! a", []),
        ("a | b", []),
        ("(a)", []),
    ],
)
def test_sure(body: str, sure: list[str]) -> None:
    assert [call.name for call in calls(body) if call.sure and call.name != "set"] == sure


def test_opaque_bodies_have_no_calls() -> None:
    for body in ('["apt-get", "update"]', "a 'open", "<<EOF python3\nimport x\nEOF"):
        run = Dockerfile.parse(f"FROM debian:12\nRUN {body}\n").runs[0]
        assert run.opaque or not any(call.name == "import" for call in run.calls)


def test_spans_lead_back_to_the_file() -> None:
    text = "FROM debian:12\nRUN a \\\n  # note\n  && apt-get \\\n update\n"
    run = Dockerfile.parse(text).runs[0]
    call = run.calls[1]
    assert text[run.raw(call.span.start) : run.raw_after(call.span.end)] == "apt-get \\\n update"


def test_spans_of_a_heredoc_with_tabs_stripped() -> None:
    text = "FROM debian:12\nRUN <<-EOF\n\tset -e\n\t\tapt-get update\n\tEOF\n"
    run = Dockerfile.parse(text).runs[0]
    call = run.calls[1]
    assert text[run.raw(call.span.start) : run.raw_after(call.span.end)] == "apt-get update"
