r"""Install with `pip install --no-cache-dir`.

pip keeps every archive it downloads, and every wheel it builds, in `~/.cache/pip`.  An image never reads them again,
but they stay in the layer, often as large as the packages themselves.

The option changes nothing but the cache, so the fix is safe wherever pip is called: behind `&&`, in a loop, in a
condition, through `python -m pip`.  It is left out where something else decides on the cache: a cache mount,
`PIP_NO_CACHE_DIR` or `PIP_CACHE_DIR`, `pip config`, `pip cache`, an `rm` in the same `RUN`; where a later command or
stage takes files from the cache; in stages whose layers nobody receives; and on Debian 8, Ubuntu 14.04 and older, whose
pip does not know the option.  Where pip is a distribution's package and the distribution is not known, the cache is
removed behind the last install instead.

See also: hadolint DL3042.
"""

from collections.abc import Iterator

from dockopt import api

OPTION = "--no-cache-dir"
REMOVAL = "rm -rf ~/.cache/pip"
HOMES = ("HOME", "XDG_CACHE_HOME")

EXAMPLES = (
    api.changes(
        """
        FROM python:3.12-slim
        RUN pip install -r requirements.txt
        """,
        """
        FROM python:3.12-slim
        RUN pip install --no-cache-dir -r requirements.txt
        """,
    ),
    api.changes(
        """
        FROM python:3.12-slim
        RUN python -m pip install --upgrade pip && \\
            # the application
            pip3 --quiet install \\
                flask \\
                redis
        """,
        """
        FROM python:3.12-slim
        RUN python -m pip install --no-cache-dir --upgrade pip && \\
            # the application
            pip3 --quiet install --no-cache-dir \\
                flask \\
                redis
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN <<EOF
        set -e
        if [ -f dev.txt ]; then
            /opt/venv/bin/pip install -r dev.txt
        fi
        EOF
        """,
        """
        FROM python:3.12
        RUN <<EOF
        set -e
        if [ -f dev.txt ]; then
            /opt/venv/bin/pip install --no-cache-dir -r dev.txt
        fi
        EOF
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN pip install flask
        RUN rm -rf /root/.cache/pip
        """,
        """
        FROM python:3.12
        RUN pip install --no-cache-dir flask
        RUN rm -rf /root/.cache/pip
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y gcc && pip install uwsgi
        """,
        """
        FROM python:3.12
        RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y gcc && \
pip install --no-cache-dir uwsgi
        """,
    ),
    api.changes(
        """
        FROM example.org/base
        RUN apt-get update && apt-get install -y python-pip && pip install flask
        """,
        """
        FROM example.org/base
        RUN apt-get update && apt-get install -y python-pip && pip install flask && rm -rf ~/.cache/pip
        """,
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM example.org/base
        RUN apt-get update && apt-get install -y python-pip && (pip install flask)
        """,
        """
        FROM example.org/base
        RUN apt-get update && apt-get install -y python-pip && (pip install --no-cache-dir flask)
        """,
    ),
    api.unchanged(
        """
        FROM example.org/base
        RUN apt-get update && apt-get install -y python-pip && (pip install flask)
        """,
        because="nobody can tell how old the packaged pip is",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM ubuntu:14.04
        RUN apt-get update && apt-get install -y python-pip && pip install flask
        """,
        because="pip 1.5 does not know the option",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.cache/pip pip install flask
        """,
        because="the cache is in a mount",
    ),
    api.unchanged(
        """
        FROM python:3.12
        ENV PIP_NO_CACHE_DIR=1
        RUN pip install flask
        """,
        because="the environment says so already",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install flask && rm -rf ~/.cache
        """,
        because="the cache is removed in the same RUN",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install flask
        RUN rm -r /root/.cache/pip
        """,
        because="rm without -f would fail where nothing is left to remove",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install flask && pip cache purge
        """,
        because="pip before 21.3 fails where the cache it shall purge is empty",
    ),
    api.unchanged(
        """
        FROM python:3.12 AS build
        RUN pip install flask
        FROM python:3.12
        COPY --from=build /usr/local /usr/local
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN uv pip install --system flask && pip wheel -w /wheels redis && pip install --no-cache gunicorn
        """,
        because="uv, pip wheel and an option spelled short are something else",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with={"pip"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        installs = [pip for pip in api.pip_commands(run, "install") if pip.keeps_cache]
        if not installs or run.stage not in file.shipped or api.pip_cache_is_managed(file, run):
            continue
        too_old = api.pip_may_be_too_old(file, run)
        if too_old is None and stands_alone(installs[-1].call):
            yield without_cache(run, installs[-1])
        elif not too_old:
            yield api.Fix(
                title="install with pip --no-cache-dir",
                edits=tuple(edit for pip in installs for edit in add_option(pip)),
                evidence=(
                    api.proven("nothing else decides on pip's cache, and nothing reads it", run),
                    knows_option(run) if too_old is False else may_know_option(run),
                ),
                span=run.span,
            )


def stands_alone(call: api.Call) -> bool:
    """Whether a command can stand behind this one and finds the same home."""
    own_home = any(assignment.name in HOMES for assignment in call.assignments)
    return call.top and not call.wrapper and not own_home and not any(redirect.body for redirect in call.redirects)


def without_cache(run: api.Run, last: api.Pip) -> api.Fix:
    return api.Fix(
        title="remove pip's cache in the RUN that filled it",
        edits=api.insert_command(run, last.call, REMOVAL),
        evidence=(
            api.proven("nothing else decides on pip's cache, and nothing reads it", run),
            api.known("pip of any version keeps its cache there, or keeps none (its changelog)", run),
        ),
        span=run.span,
    )


def add_option(pip: api.Pip) -> tuple[api.Edit, ...]:
    assert pip.subcommand_word is not None
    return api.append_word(pip.run, pip.subcommand_word, OPTION)


def knows_option(run: api.Run) -> api.Evidence:
    return api.known("pip knows the option since 6.0 of 2014 (its changelog)", run)


def may_know_option(run: api.Run) -> api.Evidence:
    return api.inferred("the distribution's pip is 6.0 or newer (Debian 9, Ubuntu 16.04)", run)
