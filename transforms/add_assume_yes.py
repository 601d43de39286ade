r"""Add `-y` to `apt-get` commands that would ask a question.

Nobody is there to answer during a build: as soon as a package brings another one along, `apt-get` asks, reads the end
of its input and gives up.

The fix is safe: where the build works today nothing was asked, and `-y` only answers.  Left alone: commands whose
failure the build survives (`|| true`, `;`, an `if`), which may give up today and would install something then; those
under `yes |`; those that only download or simulate; files that set apt's own option for it.

See also: hadolint DL3014.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install traceroute
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y traceroute
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update \\
            && apt-get --no-install-recommends install \\
               git \\
            && apt-get -q upgrade
        """,
        """
        FROM debian:12
        RUN apt-get update \\
            && apt-get --no-install-recommends install -y \\
               git \\
            && apt-get -q upgrade -y
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN <<EOF
        set -e
        apt update
        apt install git
        EOF
        """,
        """
        FROM debian:12
        RUN <<EOF
        set -e
        apt update
        apt install -y git
        EOF
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install git || true
        """,
        because="it may give up today, and the build goes on",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -qy git && apt-get install --yes jq && apt-get install -qq tree
        RUN apt-get -q install -q vim && apt-get remove -yq jq
        """,
        because="it is there",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN yes | apt-get install git
        """,
        because="something answers",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install git < /dev/stdin
        """,
        because="the answer may be in what it reads",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes && apt-get install git
        """,
        because="apt is told in its settings",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -s git && apt-get update && apt-get install $OPTIONS git
        """,
        because="nothing is asked in a simulation, and an unknown word may be the option",
    ),
)
ASKING = ("install", "upgrade", "dist-upgrade", "remove", "purge", "autoremove", "build-dep", "full-upgrade")
SILENT = frozenset(
    "--yes --assume-yes --assume-no --force-yes --simulate --just-print --dry-run --recon --no-act".split()
)
ONLY_PRINT = frozenset({"--print-uris", "-s", "-d", "--download-only", "--trivial-only"})
PLAIN = frozenset("qfmbuVh")


@api.transform(
    phase=api.Phase.COMMANDS,
    may_change={api.Aspect.COMMANDS, api.Aspect.RECOMMENDS},
    only_with={"apt-get", "apt"},
    examples=EXAMPLES,
    purpose=api.Purpose.CORRECTNESS,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if "apt" not in file.text or "assume-yes" in file.text.lower().replace("--assume-yes", ""):
        return
    for run in file.runs:
        for command in api.apt_commands(run, *ASKING):
            if command.call.sure and may_ask(command) and not reads_input(command):
                yield fix(command)


def may_ask(command: api.Apt) -> bool:
    """Whether no option stops apt-get from asking, as far as the words are known."""
    names = [option.name for option in command.reading.options]
    if command.reading.unknown:
        return False
    return not any(name in SILENT or is_yes(name) for name in names) and names.count("-q") < 2


def is_yes(option: str) -> bool:
    """Whether a bundle of short options may hold `-y`, or is `-qq`, which implies it."""
    letters = option.removeprefix("-")
    return not option.startswith("--") and (letters.count("q") > 1 or not PLAIN.issuperset(letters))


def reads_input(command: api.Apt) -> bool:
    """Whether a file or a here-document holds the answers."""
    return any(redirect.operator.startswith("<") for redirect in command.call.redirects)


def fix(command: api.Apt) -> api.Fix:
    word = command.reading.subcommand_word
    assert word is not None
    return api.Fix(
        title=f"{command.reading.program} {command.subcommand} -y",
        edits=api.append_word(command.run, word, "-y"),
        evidence=(
            api.proven("nothing answers, and the build ends where it gives up", command.run),
            api.known("-y answers where apt-get would ask, and does nothing else (apt-get(8))"),
        ),
        span=command.run.span,
    )
