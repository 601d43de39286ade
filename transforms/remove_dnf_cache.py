r"""Run `dnf clean all` in the `RUN` that filled dnf's cache; the same for yum and microdnf.

Every install downloads the lists of all repositories to `/var/cache/dnf` or `/var/cache/yum`, 20 to 300 MB that stay in
the layer.  A later `RUN` cannot win the space back.

`clean all` runs right behind the last command of the package manager, and only if that succeeded.  The fix is safe: the
next install downloads the lists again, which it does anyway once they are two days old.  It is left out where the cache
is in a mount, kept or moved on purpose, where a command works from the cache alone or without network, where packages
go to another root, in conditions and loops, and in stages whose layers nobody receives.

See also: hadolint DL3032, DL3040.
"""

from collections.abc import Iterator

from dockopt import api

CACHE = api.DownloadCache(
    programs=("dnf", "yum", "microdnf", "dnf5"),
    fills=frozenset(
        "install update upgrade makecache groupinstall reinstall localinstall distro-sync swap check-update".split()
    ),
    reads=frozenset({"remove", "autoremove", "erase", "module", "repoquery", "info", "list"}),
    cleans=frozenset({"clean"}),
    folders=("/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"),
    settings=("installroot", "keepcache", "cachedir", "cacheonly", "downloadonly", "-C"),
    through_sudo=True,
)
WITH_REPOSITORIES = ("centos", "fedora", "amazonlinux", "oraclelinux", "rockylinux", "almalinux")

EXAMPLES = (
    api.changes(
        """
        FROM fedora:42
        RUN dnf install -y nginx
        """,
        """
        FROM fedora:42
        RUN dnf install -y nginx && dnf clean all
        """,
    ),
    api.changes(
        """
        FROM centos:7
        RUN set -eux && \\
            yum install -y gcc && \\
            # a tool of ours
            gcc -o /usr/bin/tool tool.c && \\
            yum remove -y gcc && \\
            yum autoremove -y && \\
            tool --version
        """,
        """
        FROM centos:7
        RUN set -eux && \\
            yum install -y gcc && \\
            # a tool of ours
            gcc -o /usr/bin/tool tool.c && \\
            yum remove -y gcc && \\
            yum autoremove -y && \\
            yum clean all && \\
            tool --version
        """,
    ),
    api.changes(
        """
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN <<EOF
        set -e
        microdnf install -y jq
        jq --version
        EOF
        """,
        """
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN <<EOF
        set -e
        microdnf install -y jq
        microdnf clean all
        jq --version
        EOF
        """,
    ),
    api.changes(
        """
        FROM example.org/fedora
        RUN sudo dnf install -y libev-devel
        """,
        """
        FROM example.org/fedora
        RUN sudo dnf install -y libev-devel && sudo dnf clean all
        """,
    ),
    api.changes(
        """
        FROM rockylinux:9
        RUN dnf clean all && dnf install -y git || exit 1
        """,
        """
        FROM rockylinux:9
        RUN dnf clean all && dnf install -y git && dnf clean all || exit 1
        """,
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN dnf install -y nginx && rm -rf /var/cache/*
        """,
        because="the cache is removed already",
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y nginx
        """,
        because="the cache is in a mount",
    ),
    api.unchanged(
        """
        FROM fedora:42 AS build
        RUN dnf install -y gcc
        FROM fedora:42
        COPY --from=build /usr/bin/true /true
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN dnf install -y --installroot /rootfs coreutils
        """,
        because="the packages and their cache are in another root",
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN dnf makecache
        RUN dnf install -y -C nginx
        """,
        because="a later install works from the cache alone",
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN if [ -n "$DEBUG" ]; then dnf install -y gdb; fi
        """,
        because="the install runs in a condition",
    ),
    api.unchanged(
        """
        FROM fedora:42
        RUN dnf install -y nginx; dnf clean all
        """,
        because="the cache is cleaned already",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with=CACHE.programs, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        last = api.last_fetch(file, run, CACHE)
        if last is None or (last.name == "yum" and may_lack_repositories(file, run, last)):
            continue
        sudo = "sudo " if any(call.wrapper == "sudo" for call in run.calls_of(*CACHE.programs)) else ""
        yield api.Fix(
            title=f"clean the cache of {last.name} in the RUN that filled it",
            edits=api.insert_command(run, last, f"{sudo}{last.words[0].text} clean all"),
            evidence=(
                api.proven("the repositories' lists are fetched here and not removed", run),
                api.known("the next install fetches the lists again (dnf(8), yum(8))", run),
            ),
            span=run.span,
        )


def may_lack_repositories(file: api.Dockerfile, run: api.Run, last: api.Call) -> bool:
    """Whether no repository may be enabled but by an option: yum 3 then refuses to clean."""
    local = last.has("localinstall") or any((value or "").endswith(".rpm") for value in last.values)
    if local and "yum.repos.d" in file.text:
        return True
    if any(api.is_official(file, run, name) for name in WITH_REPOSITORIES):
        return False
    words = (value or "" for call in run.calls_of("yum") for value in call.values)
    return any(word.startswith(("--enablerepo", "--disablerepo")) for word in words)
