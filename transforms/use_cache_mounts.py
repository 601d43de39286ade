r"""Keep what pip and npm download in a cache mount: `RUN --mount=type=cache,… pip install …`.

The cache stays on the machine that builds and never becomes part of a layer.  After a change of one requirement, only
that one is downloaded; with `--no-cache-dir` all are.

Mounts need BuildKit.  The file has to show that it is built with it: `# syntax=docker/dockerfile:1`, a here-document,
or a mount that is there.  Writing the first of these at the top asks for this fix.

pip's mount gets an `id` with the base image, as wheels that pip builds for one C library or one release do not work
on another, and one machine has one cache for all images otherwise.  `--no-cache-dir` goes, as it keeps pip from the
cache.

Left alone: users other than root, and a changed `HOME`, as the cache is elsewhere then; caches that something else
sets, cleans or copies; an `ENV` that switches the cache off; RUNs without network; bases that are not known.

See also: Docker's guide on optimising cache usage.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install --no-cache-dir -r requirements.txt
        """,
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN --mount=type=cache,id=pip-python-3.12-slim,target=/root/.cache/pip pip install -r requirements.txt
        """,
    ),
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM node:20-slim
        COPY package.json package-lock.json ./
        RUN npm ci
        """,
        """
        # syntax=docker/dockerfile:1
        FROM node:20-slim
        COPY package.json package-lock.json ./
        RUN --mount=type=cache,target=/root/.npm npm ci
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN --mount=type=secret,id=pip pip install \\
            --no-cache-dir \\
            flask && pip install gunicorn
        """,
        """
        FROM python:3.12
        RUN --mount=type=secret,id=pip --mount=type=cache,id=pip-python-3.12,target=/root/.cache/pip pip install \\
            flask && pip install gunicorn
        """,
    ),
    api.changes(
        """
        FROM node:20
        COPY <<EOF /app/package.json
        {}
        EOF
        RUN cd /app && npm install
        """,
        """
        FROM node:20
        COPY <<EOF /app/package.json
        {}
        EOF
        RUN --mount=type=cache,target=/root/.npm cd /app && npm install
        """,
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install flask
        """,
        because="nothing shows that BuildKit builds the file",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1.0
        FROM python:3.12
        RUN pip install flask
        """,
        because="that frontend has no mounts",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        USER app
        RUN pip install flask
        """,
        because="another user's cache is elsewhere",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        ENV HOME=/srv
        RUN pip install flask
        """,
        because="the cache is below HOME",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        ENV PIP_NO_CACHE_DIR=1
        RUN pip install flask
        """,
        because="the cache is switched off",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM node:20
        RUN npm ci && npm cache clean --force
        """,
        because="the mount would be emptied each time",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM registry.example.org/base
        RUN pip install flask
        """,
        because="whose home the cache is in is not known",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.cache/pip pip install flask
        """,
        because="it has the mount",
    ),
)
HOMES = ("python", "node")
OFF = "--no-cache-dir"


@api.transform(
    phase=api.Phase.LAYERS,
    may_change={api.Aspect.CACHES, api.Aspect.COMMANDS},
    examples=EXAMPLES,
    purpose=api.Purpose.CACHE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if "pip" not in file.text and "npm" not in file.text:
        return
    sign = api.shows_buildkit(file)
    if not sign:
        return
    for run in file.runs:
        image = api.describe(file.root(file.stages[run.stage]).base or "")
        if image is not None and image.repository in HOMES and has_roots_home(run):
            pips = list(api.pip_commands(run, "install"))
            if pips and image.repository == "python" and may_have_pip_cache(file, run, pips):
                mount = f"type=cache,id=pip-{image.repository}-{image.tag},target=/root/.cache/pip"
                yield fix(run, "pip", mount, sign, tuple(edit for pip in pips for edit in without_option(pip)))
            elif not pips and image.repository == "node" and may_have_npm_cache(file, run):
                yield fix(run, "npm", "type=cache,target=/root/.npm", sign, ())


def has_roots_home(run: api.Run) -> bool:
    """Whether caches are below /root."""
    set_here = {*run.state.environment, *run.state.arguments}
    said = "HOME" in run.shell_text or "XDG_CACHE" in run.shell_text or any(call.wrapper for call in run.calls)
    switches = any(call.is_("su", "gosu", "su-exec", "runuser") for call in run.calls)
    return api.is_root(run) and not ({"HOME", "XDG_CACHE_HOME"} & set_here or said or switches)


def may_have_pip_cache(file: api.Dockerfile, run: api.Run, pips: list[api.Pip]) -> bool:
    if api.pip_cache_is_managed(file, run) or api.has_no_network(run):
        return False
    return all(pip.keeps_cache or list(without_option(pip)) for pip in pips)


def without_option(pip: api.Pip) -> Iterator[api.Edit]:
    """Edits that take a plain `--no-cache-dir` out."""
    for word in pip.call.arguments:
        if word.value == OFF:
            yield from api.remove_word(pip.run, word)


def may_have_npm_cache(file: api.Dockerfile, run: api.Run) -> bool:
    return any(npm.installs for npm in api.npm_commands(run)) and not (
        api.npm_cache_is_managed(file, run) or api.has_no_network(run)
    )


def fix(run: api.Run, tool: str, mount: str, sign: str, others: tuple[api.Edit, ...]) -> api.Fix:
    return api.Fix(
        title=f"{tool}'s downloads in a cache mount",
        edits=(*api.add_flag(run, f"--mount={mount}"), *others),
        evidence=(
            api.proven(f"BuildKit builds the file: {sign}", run),
            api.proven("root runs it, nothing else decides on the cache, and nothing reads it later", run),
            api.inferred(f"whatever is in the cache, {tool} installs what it would download", run),
        ),
        span=run.span,
    )
