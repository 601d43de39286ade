r"""Clone only the newest commit: `git clone --depth 1`.

The history of a project is often larger than its sources, and stays in the layer.

The fix is aggressive, because what builds the sources may ask git for a version (`git describe` in a makefile,
setuptools-scm), and a branch named by `-b` comes without the others.  Left alone: files with any other git command but
`clone` and `config`, such as `git checkout`, which needs the history, also in scripts of the build context; submodules;
addresses of hosts that are not known to serve shallow clones; builds of Python, Go and Rust packages that read their
version from git.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git /tool
        """,
        """
        FROM debian:12
        RUN git clone --depth 1 https://github.com/example/tool.git /tool
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM debian:12
        ARG VERSION=v1
        RUN apt-get update \\
            && git clone -b $VERSION \\
               https://gitlab.com/example/tool \\
            && make -C tool
        """,
        """
        FROM debian:12
        ARG VERSION=v1
        RUN apt-get update \\
            && git clone --depth 1 -b $VERSION \\
               https://gitlab.com/example/tool \\
            && make -C tool
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM debian:12
        RUN git config --global http.sslVerify true; git clone -q https://bitbucket.org/example/tool
        """,
        """
        FROM debian:12
        RUN git config --global http.sslVerify true; git clone --depth 1 -q https://bitbucket.org/example/tool
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM debian:12
        RUN cd /opt && for name in one two; do git clone https://github.com/example/$name; done
        """,
        """
        FROM debian:12
        RUN cd /opt && for name in one two; do git clone --depth 1 https://github.com/example/$name; done
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git /tool
        """,
        because="what runs later may read the history",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git && cd tool && git checkout 4cd37af2
        """,
        because="the commit is in the history",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git && sh -c "cd tool && git checkout 4cd37af2"
        """,
        because="another program calls git",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git
        COPY pin.sh /
        RUN sh /pin.sh
        """,
        because="the script asks for another commit",
        level=api.Level.AGGRESSIVE,
        context={"pin.sh": "cd /tool && git checkout v1.2\n"},
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git /tool
        CMD ["git", "-C", "/tool", "log"]
        """,
        because="the container reads the history",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone --recursive https://github.com/example/tool.git
        """,
        because="submodules are cloned as well",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://git.example.org/tool.git
        """,
        because="not every host serves shallow clones",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone /mirror/tool.git
        """,
        because="a clone of a folder ignores the option",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN git clone https://github.com/example/tool.git
        FROM debian:12
        COPY --from=build /tool /tool
        """,
        because="nobody receives the first stage",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN git clone https://github.com/example/tool.git && pip install ./tool
        """,
        because="setuptools-scm reads the version from the tags",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone --filter=blob:none https://github.com/example/tool.git
        """,
        because="it is partial already",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN git clone https://github.com/example/tool.git
        RUN <<EOF
        #!/usr/bin/env python3
        print("git describe")
        EOF
        """,
        because="what the second RUN does is not known",
        level=api.Level.AGGRESSIVE,
    ),
)
HOSTS = ("https://github.com/", "https://gitlab.com/", "https://bitbucket.org/")
OPTIONS = frozenset({"-b", "--branch", "-q", "--quiet", "--single-branch", "-v", "--verbose", "--progress"})
VALUED = frozenset({"-b", "--branch"})
NAME_GIT = ("apt-get", "apt", "apk", "dnf", "yum", "microdnf", "echo", "which", "command", "rm", "pacman", "zypper")
COMMANDS = ("git checkout", "git switch", "git describe", "git reset", "git submodule", "git log", "git rev-list")
READERS = ("pip", "pip3", "go", "cargo", "python", "python3", "poetry", "uv", "goreleaser", "mage", "npm", "yarn")


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.COMMANDS}, only_with={"git"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    clones = [(run, call) for run in file.runs for call in run.calls_of("git") if call.values[:1] == ("clone",)]
    if not clones or any(run.opaque or asks_git(run) for run in file.runs) or asks_git_elsewhere(file):
        return
    for run, call in clones:
        if run.stage in file.shipped and is_plain_clone(call):
            yield fix(run, call)


def asks_git(run: api.Run) -> bool:
    """Whether a command may read the history of what was cloned."""
    if any(call.values[:1] not in (("clone",), ("config",)) for call in run.calls_of("git")):
        return True
    return any(call.is_(*READERS) or runs_git(call) for call in run.calls)


def runs_git(call: api.Call) -> bool:
    """Whether another program runs git: `sh -c`, `xargs`, `timeout`."""
    if call.is_("git", *NAME_GIT):
        return False
    return any("git" in word.text.strip("\"'").split() for word in call.arguments)


def asks_git_elsewhere(file: api.Dockerfile) -> bool:
    """Whether the container calls git when it starts, or a script of the build context asks for another commit."""
    starts = (step for stage in file.stages for word in ("CMD", "ENTRYPOINT", "ONBUILD") for step in stage.of(word))
    if any("git" in step.text.replace('"', " ").replace(",", " ").split() for step in starts):
        return True
    scripts = api.all_scripts(file.context)
    return any(command in scripts for command in COMMANDS)


def is_plain_clone(call: api.Call) -> bool:
    """Whether nothing but a branch is asked for, from a host that serves shallow clones."""
    options = [word.text for word in call.arguments[1:] if word.text.startswith("-")]
    if any(option.partition("=")[0] not in OPTIONS for option in options):
        return False
    addresses = [word.text.strip("\"'") for word in call.arguments[1:] if "://" in word.text]
    return bool(addresses) and all(address.startswith(HOSTS) for address in addresses)


def fix(run: api.Run, call: api.Call) -> api.Fix:
    return api.Fix(
        title="clone without the history",
        edits=api.append_word(run, call.arguments[0], "--depth 1"),
        evidence=(
            api.proven("no git command here asks for another commit", run),
            api.assumed("nothing that builds or runs the sources reads tags or older commits", run),
        ),
        span=run.span,
    )
