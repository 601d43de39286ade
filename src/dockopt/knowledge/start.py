"""What starts with a container: which base images hand the command on as it is, and which programs shells replace.

Sources: the Dockerfiles and entrypoint scripts of the official images; POSIX XCU 2.14 and the manuals of dash, bash
and busybox for builtins.
"""

from dockopt.knowledge.images import describe

PLAIN_ENTRYPOINTS = frozenset(
    "debian ubuntu alpine busybox buildpack-deps python ruby rust golang gcc perl pypy erlang elixir haskell swift dart"
    " julia openjdk java eclipse-temurin amazoncorretto clojure gradle node php fedora centos rockylinux almalinux"
    " amazonlinux oraclelinux archlinux dotnet ubi".split()
)
"""Families without an ENTRYPOINT, or with one that runs whatever command it is given without looking at its name."""

BUILTINS = frozenset(
    ". : [ alias bg bind break builtin caller cd chdir command compgen complete continue declare dirs disown echo"
    " enable eval exec exit export false fc fg function getopts hash help history jobs kill let local logout mapfile"
    " popd printf pushd pwd read readarray readonly return set shift shopt source suspend test time times trap true"
    " type typeset ulimit umask unalias unset wait if then else elif fi for while until do done case esac select in {"
    " } ! [[ ]]".split()
)
"""Words that a shell does not look up as a program, or may carry out itself."""

DEAF = frozenset("sh bash dash ash ksh zsh tail sleep cat ls watch yes".split())
"""Programs that, as a container's first process, pass over the signal of `docker stop` just as a shell does."""

INSTALLED = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/games/")
"""Folders that the distribution's packages fill with programs and with scripts that name their interpreter."""


def hands_command_on(reference: str | None) -> bool:
    """Whether the base image is known to start a command as it is, whatever its first word."""
    image = describe(reference) if reference else None
    return image is not None and image.family in PLAIN_ENTRYPOINTS and image.shell
