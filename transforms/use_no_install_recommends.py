r"""Install with `--no-install-recommends`, and name the recommended packages that the file relies on.

`apt-get install` also installs what packages recommend: 18 % more in the median, up to 89 %.  Most of it is manuals,
editors' helpers and language packs.  Some of it is not: `curl` needs `ca-certificates` for https, `gcc` needs
`libc6-dev` to compile anything.  Those are named in the install, so that they stay.

The fix needs every package of the install to be in the table of recommendations; otherwise it is withheld.  Nothing
changes where recommendations are switched off already, where the package list is not written out, where packages are
removed later (what is named would stay behind), or in stages whose layers nobody receives.

See also: hadolint DL3015.
"""

from collections.abc import Iterator

from dockopt import api

FLAG = "--no-install-recommends"
KEPT_AT_MOST = 6

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y gnupg
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends gnupg
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y wget && wget https://example.com/tool
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends wget ca-certificates && wget https://example.com/tool
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y \\
              curl \\
              git && \\
            rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y --no-install-recommends \\
              curl \\
              git \\
              ca-certificates \\
              openssh-client && \\
            rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install curl ca-certificates -y
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install --no-install-recommends curl ca-certificates -y
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl
        """,
        because="recommendations are off already",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y gcc && gcc x.c && apt-get purge -y --auto-remove gcc
        """,
        because="libc6-dev would stay behind if it were named in the install",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/99local
        RUN apt-get update && apt-get install -y curl
        """,
        because="the file switches recommendations off for all installs",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y a-package-that-nobody-knows
        """,
        because="what the package recommends is not in the table",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG PACKAGES
        RUN apt-get update && apt-get install -y $PACKAGES
        """,
        because="the package list is not written out",
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y gcc
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
        because="nobody receives the layers of the first stage",
    ),
)


@api.transform(
    phase=api.Phase.COMMANDS, may_change={api.Aspect.RECOMMENDS}, only_with={"apt-get", "apt"}, examples=EXAMPLES
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if "Install-Recommends" in file.text:
        return
    for stage in file.stages:
        if stage.index not in file.shipped:
            continue
        for run in stage.runs:
            for command in api.apt_commands(run, "install"):
                if command.call.top and may_change(command):
                    yield from fixes(file, run, command)


def may_change(command: api.Apt) -> bool:
    reading = command.reading
    if reading.unknown or not command.packages or reading.option(FLAG, "--install-recommends", "--download-only", "-d"):
        return False
    return len(command.packages) == len(reading.operands)


def fixes(file: api.Dockerfile, run: api.Run, command: api.Apt) -> Iterator[api.Fix]:
    text = f"{file.text}\n{api.all_scripts(file.context)}"
    advice = api.recommended(command.packages, text, releases(file, run), present(file, run, command))
    if len(advice.kept) > KEPT_AT_MOST or not (advice.dropped or advice.unknown):
        return
    if advice.kept and removes_packages(file, run):
        return
    yield api.Fix(
        title="install without recommended packages" + (f", naming {', '.join(advice.kept)}" if advice.kept else ""),
        edits=(*flag(run, command), *operands(run, command, advice.kept)),
        evidence=tuple(evidence(run, advice)),
        span=run.span,
        floor=api.Level.STANDARD,
    )


def releases(file: api.Dockerfile, run: api.Run) -> tuple[str, ...]:
    """The Debian releases that the image may be built on, none where that is not known."""
    base = file.root(file.stages[run.stage]).base
    image = api.describe(base) if base else None
    return image.candidates if image else ()


def removes_packages(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether packages are removed later: what is named in an install stays when nothing needs it any more."""
    later = (step for step in file.after(run) if isinstance(step, api.Run))
    words = ("purge", "remove", "autoremove")
    return any(True for step in (run, *later) for _ in api.apt_commands(step, *words))


def present(file: api.Dockerfile, run: api.Run, command: api.Apt) -> Iterator[str]:
    """Packages that the base image has and those that earlier commands install."""
    base = file.root(file.stages[run.stage]).base
    image = api.describe(base) if base else None
    if image:
        yield from api.image_roots(image.repository, image.variant)
    for step in (*file.before(run), run):
        if isinstance(step, api.Run):
            for earlier in api.apt_commands(step, "install"):
                if step is not run or earlier.call.span.start < command.call.span.start:
                    yield from earlier.packages


def evidence(run: api.Run, advice: api.Recommended) -> Iterator[api.Evidence]:
    if advice.unknown:
        yield api.assumed(f"what {', '.join(advice.unknown)} recommends is not needed", run)
    if advice.kept:
        yield api.known(f"{', '.join(advice.kept)} may be needed and stays", run)
    if advice.dropped:
        names = ", ".join(advice.dropped[:6]) + (" …" if len(advice.dropped) > 6 else "")
        yield api.inferred(f"nothing here calls what is left out: {names}", run)


def flag(run: api.Run, command: api.Apt) -> tuple[api.Edit, ...]:
    """Behind the options in front of the packages, else behind the word `install`."""
    before = command.reading.subcommand_word
    assert before is not None
    first = command.reading.operands[0]
    for option in command.reading.options:
        if before.span.start < option.word.span.start < first.span.start and option.value is None:
            before = option.word
    return api.append_word(run, before, FLAG)


def operands(run: api.Run, command: api.Apt, names: tuple[str, ...]) -> tuple[api.Edit, ...]:
    return api.append_operands(run, command.reading.operands, names) if names else ()
