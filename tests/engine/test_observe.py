"""Which rewrites the guard sees, aspect by aspect, and which are only spelling."""

import pytest

from dockopt.engine.guard import objection
from dockopt.engine.observe import observe
from dockopt.fixes import Aspect, Phase, Transform
from dockopt.model.dockerfile import Dockerfile


def changed(before: str, after: str) -> set[Aspect]:
    """The aspects in which two Dockerfiles differ."""
    old, new = observe(Dockerfile.parse(before)), observe(Dockerfile.parse(after))
    return {aspect for aspect, value in old.items() if new[aspect] != value}


SAME = {
    "continuations": ("FROM a\nRUN b && c\n", "FROM a\nRUN b \\\n  && c\n"),
    "comments": ("FROM a\nRUN b && c\n", "FROM a\n# x\nRUN b \\\n# y\n  && c\n"),
    "keyword case": ('FROM a\nRUN b\nCMD ["x"]\n', 'from a\nrun b\ncmd ["x"]\n'),
    "forms of ENV": ("FROM a\nENV A b\nRUN c\n", "FROM a\nENV A=b\nRUN c\n"),
    "ENV in two": ("FROM a\nENV A=1 B=2\nRUN c\n", "FROM a\nENV A=1\nENV B=2\nRUN c\n"),
    "space in a JSON array": ('FROM a\nCMD ["x","y"]\n', 'FROM a\nCMD [ "x", "y" ]\n'),
}


@pytest.mark.parametrize("name", SAME)
def test_only_spelling(name: str) -> None:
    assert changed(*SAME[name]) == set()


SEEN = {
    "a command added": ("RUN b\n", "RUN b && c\n", Aspect.COMMANDS),
    "a command removed": ("RUN b && c\n", "RUN b\n", Aspect.COMMANDS),
    "a word changed": ("RUN b x\n", "RUN b y\n", Aspect.COMMANDS),
    "the order of commands": ("RUN b && c\n", "RUN c && b\n", Aspect.COMMANDS),
    "an operator": ("RUN b && c\n", "RUN b || c\n", Aspect.COMMANDS),
    "a redirection": ("RUN b > x\n", "RUN b > y\n", Aspect.COMMANDS),
    "an assignment": ("RUN A=1 b\n", "RUN A=2 b\n", Aspect.COMMANDS),
    "a flag": ("RUN b\n", "RUN --network=none b\n", Aspect.COMMANDS),
    "the folder of a command": ("RUN b\nWORKDIR /x\nRUN c\n", "WORKDIR /x\nRUN b\nRUN c\n", Aspect.COMMANDS),
    "the user of a command": ("RUN b\nUSER x\n", "USER x\nRUN b\n", Aspect.COMMANDS),
    "the environment of a command": ("RUN b\nENV A=1\n", "ENV A=1\nRUN b\n", Aspect.COMMANDS),
    "the shell": ("RUN b\n", 'SHELL ["/bin/bash", "-c"]\nRUN b\n', Aspect.COMMANDS),
    "a leaking cd": ("RUN cd /x && b\nRUN c\n", "RUN cd /x && b && c\n", Aspect.COMMANDS),
    "a condition": ("RUN if b; then c; fi\n", "RUN if b; then d; fi\n", Aspect.COMMANDS),
    "a layer": ("RUN b\nRUN c\n", "RUN b && c\n", Aspect.LAYERS),
    "removed lists": ("RUN b\n", "RUN b && rm -rf /var/lib/apt/lists/*\n", Aspect.PACKAGE_LISTS),
    "a cache kept": ("RUN pip install x\n", "RUN pip install --no-cache-dir x\n", Aspect.CACHES),
    "recommends": ("RUN apt-get install x\n", "RUN apt-get install --no-install-recommends x\n", Aspect.RECOMMENDS),
    "a copied file": ("COPY a /x/\n", "COPY b /x/\n", Aspect.FILES),
    "a destination": ("COPY a /x/\n", "COPY a /y/\n", Aspect.FILES),
    "the order of copies": ("COPY a /x/\nCOPY b /x/\n", "COPY b /x/\nCOPY a /x/\n", Aspect.FILES),
    "an owner": ("COPY a /x/\n", "COPY --chown=b a /x/\n", Aspect.OWNERSHIP),
    "the command": ('CMD ["b"]\n', 'CMD ["c"]\n', Aspect.CONFIG),
    "the form of the command": ("CMD b\n", 'CMD ["b"]\n', Aspect.CONFIG),
    "the user": ("USER b\n", "USER c\n", Aspect.CONFIG),
    "a variable": ("ENV A=1\n", "ENV A=2\n", Aspect.CONFIG),
    "a label": ("LABEL a=1\n", "LABEL a=2\n", Aspect.CONFIG),
    "a port": ("EXPOSE 80\n", "EXPOSE 81\n", Aspect.CONFIG),
    "an argument": ("ARG A=1\n", "ARG A=2\n", Aspect.ARGUMENTS),
}


@pytest.mark.parametrize("name", SEEN)
def test_seen(name: str) -> None:
    before, after, aspect = SEEN[name]
    assert aspect in changed(f"FROM debian:12\n{before}", f"FROM debian:12\n{after}")


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("FROM node:20\n", "FROM debian:12\n", True),
        ("FROM node:20\n", "FROM node:20-slim\n", False),
        ("FROM node:20 AS a\nFROM a\n", "FROM debian:12 AS a\nFROM a\n", True),
        ('FROM node:20\nENTRYPOINT ["x"]\n', 'FROM debian:12\nENTRYPOINT ["x"]\n', False),
        ("FROM python:3.12\n", "FROM debian:12\n", False),
    ],
)
def test_the_entrypoint_of_the_base_image(before: str, after: str, *, differs: bool) -> None:
    assert (Aspect.ENTRYPOINT in changed(before, after)) == differs


def test_stages() -> None:
    assert Aspect.STAGES in changed("FROM a\n", "FROM b\n")
    assert Aspect.STAGES in changed("FROM a AS x\nFROM b\n", "FROM a AS y\nFROM b\n")
    assert Aspect.STAGES in changed("FROM a\n", "FROM --platform=linux/arm64 a\n")


def test_objection_names_what_would_change() -> None:
    transform = Transform("x", lambda _: iter(()), Phase.COMMANDS, frozenset({Aspect.LAYERS}), (), "")
    before = Dockerfile.parse("FROM debian:12\nRUN b\nRUN c\n")
    assert objection(before, Dockerfile.parse("FROM debian:12\nRUN b && c\n"), transform) == ""
    assert objection(before, Dockerfile.parse("FROM debian:12\nRUN b && d\n"), transform) == (
        f"would also change {Aspect.COMMANDS.value}"
    )
    unreadable = Dockerfile.parse("FROM debian:12\nRUN b\nRUN c '\n")
    assert objection(before, unreadable, transform) == "the result holds a RUN body that cannot be read"


@pytest.mark.parametrize(
    ("after", "targets", "said"),
    [
        ("FROM a AS x\nCMD b\nFROM c\nCMD d\n", {"x"}, ""),
        ("FROM a AS y\nCMD b\nFROM c\nCMD d\n", {"x"}, "x would be another stage, and somebody builds that"),
        ("FROM a AS x\nCMD e\nFROM c\nCMD d\n", {"x"}, "would also change image config of the final stage"),
        ("FROM n AS b\nFROM a AS x\nCMD b\nFROM c\nCMD d\n", {"x"}, ""),
        (
            "FROM n AS b\nFROM a AS x\nCMD b\nFROM c\nCMD d\n",
            {"0"},
            "0 would be another stage, and somebody builds that",
        ),
        ("FROM n AS b\nFROM a AS x\nCMD b\nFROM c\nCMD d\n", set(), ""),
    ],
)
def test_stages_that_are_asked_for_stay(after: str, targets: set[str], said: str) -> None:
    may = frozenset(Aspect) - {Aspect.CONFIG}
    transform = Transform("x", lambda _: iter(()), Phase.ORDER, may, (), "")
    before, new = (Dockerfile.parse(text, targets=frozenset(targets)) for text in (ASKED_FOR, after))
    assert objection(before, new, transform) == said


ASKED_FOR = "FROM a AS x\nCMD b\nFROM c\nCMD d\n"
