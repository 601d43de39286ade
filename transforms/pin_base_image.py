r"""Point out base images without a version: no tag, or `latest`.

Such a build takes whatever the registry gives out that day: another release of the language, or of the distribution,
arrives with no change of the file, and a build cannot be repeated.

This is advice: which version the project is meant for, neither the file nor the tables can say, and the registry is
not asked.  It is given on request only, as it holds for a quarter of all files.  A digest is never made up; one that
is written down needs somebody to renew it.  Silent for stages of the file itself, for `scratch`, for digests, and where
a build argument decides.

See also: hadolint DL3006, DL3007.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.unchanged("FROM python\n", because="it is advice: there is no tag"),
    api.unchanged("FROM node:latest\n", because="it is advice: latest moves"),
    api.unchanged("FROM registry.example.org:5000/team/app\n", because="it is advice: the colon is the port's"),
    api.unchanged("FROM python:3.12\n", because="the tag is a version"),
    api.unchanged("FROM scratch\n", because="there is nothing to pin"),
    api.unchanged("FROM node:20 AS build\nFROM build\n", because="the stage is in this file"),
    api.unchanged("FROM python@sha256:0000\n", because="a digest is the strictest version"),
    api.unchanged("ARG BASE\nFROM $BASE\n", because="who builds decides"),
)


@api.transform(phase=api.Phase.SPELLING, may_change=set(), examples=EXAMPLES, purpose=api.Purpose.STYLE)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        base = stage.base
        if base and stage.parent is None and "@" not in base and base.lower() != "scratch":
            _, colon, tag = base.rpartition("/")[2].partition(":")
            if not colon or tag == "latest":
                yield api.Fix(
                    title=f"{base} may be another image tomorrow: a tag with a version holds it still",
                    edits=(),
                    evidence=(api.proven("the reference names no version", stage),),
                    span=stage.node.span,
                )
