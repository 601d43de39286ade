"""The graph of stages: names, numbers, parents, what is shipped, what sees what."""

import pytest

from dockopt.model.dockerfile import Dockerfile

TEXT = """\
ARG BASE=debian:12
FROM ${BASE} AS Base
RUN a
FROM base AS build
RUN b
COPY x /x
FROM debian:12 AS tools
RUN c
FROM base
COPY --from=BUILD /x /x
RUN --mount=type=bind,from=tools,target=/t d
"""


def test_names_bases_and_parents() -> None:
    file = Dockerfile.parse(TEXT)
    assert [(stage.name, stage.base, stage.parent) for stage in file.stages] == [
        ("base", "debian:12", None),
        ("build", "base", 0),
        ("tools", "debian:12", None),
        (None, "base", 0),
    ]
    assert file.final.index == 3


def test_what_is_copied_or_mounted_from() -> None:
    file = Dockerfile.parse(TEXT)
    assert file.sources_of(file.final) == frozenset({1, 2})


def test_shipped_are_the_layers_of_targets() -> None:
    assert Dockerfile.parse(TEXT).shipped == frozenset({0, 3})
    alone = Dockerfile.parse("FROM a AS x\nRUN b\nFROM c\nRUN d\n")
    assert alone.shipped == frozenset({0, 1})


@pytest.mark.parametrize(
    ("copied", "targets", "shipped"),
    [
        pytest.param("/app/x", "", {1}, id="nobody asks for it"),
        pytest.param("/app/x", "build", {0, 1}, id="asked for"),
        pytest.param("/app/x", "BUILD", {0, 1}, id="in capitals"),
        pytest.param("/app/x", "0", {0, 1}, id="by its number"),
        pytest.param("/app/x", "other", {1}, id="no such stage"),
        pytest.param("/root/.npm", "build", {1}, id="its cache is copied"),
        pytest.param("/ ", "build", {1}, id="all of it is copied"),
        pytest.param("/app/../root", "build", {1}, id="a way around"),
        pytest.param("$WHAT", "build", {1}, id="something is copied"),
    ],
)
def test_shipped_are_the_stages_somebody_asks_for(copied: str, targets: str, shipped: set[int]) -> None:
    text = f"FROM a AS build\nRUN b\nFROM c\nCOPY --from=build {copied} /y\n"
    file = Dockerfile.parse(text, targets=frozenset({targets}))
    assert file.shipped == shipped
    assert file.ending == {1}


def test_a_stage_that_others_mount_is_not_cleaned() -> None:
    text = "FROM a AS build\nRUN b\nFROM c\nCOPY --from=build /app/x /y\nRUN --mount=from=build,target=/z d\n"
    assert Dockerfile.parse(text, targets=frozenset({"build"})).shipped == {1}


def test_steps_before_and_after_cross_stages() -> None:
    file = Dockerfile.parse(TEXT)
    first = file.stages[0].steps[0]
    assert [step.text for step in file.after(first)] == ["b", "x /x", "/x /x", "d"]
    assert [step.text for step in file.before(file.final.steps[0])] == ["a"]


def test_a_stage_by_name_or_number() -> None:
    file = Dockerfile.parse(TEXT)
    named, numbered = file.stage_named("Build"), file.stage_named("2")
    assert named is not None
    assert numbered is not None
    assert (named.index, numbered.index) == (1, 2)
    assert file.stage_named("9") is None
    assert file.stage_named("debian") is None


def test_a_stage_shadows_an_image() -> None:
    file = Dockerfile.parse("FROM ubuntu AS debian\nRUN a\nFROM debian\nRUN b\n")
    assert file.stages[1].parent == 0


def test_a_later_stage_is_no_parent() -> None:
    file = Dockerfile.parse("FROM debian\nRUN a\nFROM ubuntu AS debian\nRUN b\n")
    assert [stage.parent for stage in file.stages] == [None, None]


def test_a_base_that_depends_on_an_argument() -> None:
    file = Dockerfile.parse("ARG A\nARG B=x\nFROM $A\nFROM ${B:-y}\nFROM ${A:-z}\nFROM img:${B:+q}\n")
    assert [stage.base for stage in file.stages] == [None, "x", None, "img:q"]


def test_global_arguments_reach_a_stage_only_where_it_asks() -> None:
    file = Dockerfile.parse("ARG A=1\nFROM x\nRUN a\nARG A\nRUN b\nARG A=2\nRUN c\n")
    assert [run.state.arguments.get("A") for run in file.runs] == [None, "1", "2"]
