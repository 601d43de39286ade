r"""Start a plain command without a shell: `CMD ["node", "app.js"]` instead of `CMD node app.js`.

The shell form starts `/bin/sh -c`, and Debian's shell stays the container's first process: it does not pass on the
signal of `docker stop`, so the program never shuts down in order and is killed after ten seconds.

The fix changes how the container starts and is aggressive: the program becomes the first process.  One that has no
handler for a signal then ignores it, Ctrl-C included.  For ENTRYPOINT, words behind `docker run IMAGE` reach the
program.

Left alone: variables, globs, `&&`, pipes, redirections, builtins, another `SHELL`; programs such as `tail` and `bash`
that do not heed the signal either; a CMD beside an ENTRYPOINT or on a base image whose entrypoint may look at the
command (nginx, postgres, …); an ENTRYPOINT beside a CMD, which the shell form keeps out; programs that may be scripts
without an interpreter line, which only a shell can start.

See also: hadolint DL3025; BuildKit JSONArgsRecommended.
"""

from collections.abc import Iterator
from json import dumps

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM python:3.12
        CMD gunicorn -w 4 app:app
        """,
        """
        FROM python:3.12
        CMD ["gunicorn", "-w", "4", "app:app"]
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM node:20
        CMD node \\
            --title "my app" 'it"s.js'
        """,
        """
        FROM node:20
        CMD ["node", "--title", "my app", "it\\"s.js"]
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM debian:12
        COPY start.sh /start.sh
        ENTRYPOINT /start.sh --now
        """,
        """
        FROM debian:12
        COPY start.sh /start.sh
        ENTRYPOINT ["/start.sh", "--now"]
        """,
        context={"start.sh": "#!/bin/sh\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM rust:1 AS app
        WORKDIR /src
        RUN cargo build --release
        CMD ./target/release/web
        """,
        """
        FROM rust:1 AS app
        WORKDIR /src
        RUN cargo build --release
        CMD ["./target/release/web"]
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        CMD gunicorn -w 4 app:app
        """,
        because="the program would be the first process",
    ),
    api.unchanged(
        """
        FROM openjdk:17
        CMD java $JAVA_OPTS -jar app.jar
        """,
        because="the shell splits and expands the variable",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        CMD python manage.py migrate && python manage.py runserver
        """,
        because="two commands need a shell",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM nginx:1.27
        CMD nginx -g "daemon off;"
        """,
        because="nginx's entrypoint does more when the command is nginx",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        ENTRYPOINT ["/entry"]
        CMD python app.py
        """,
        because="the entrypoint may look at the command",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        ENTRYPOINT python app.py
        CMD ["--verbose"]
        """,
        because="the shell form keeps CMD out",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        COPY start.sh /start.sh
        CMD /start.sh
        """,
        because="the script has no interpreter line",
        context={"start.sh": "echo\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:12
        COPY start /usr/local/bin/start
        CMD start
        """,
        because="nothing shows that the copied program has an interpreter line",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        SHELL ["/bin/bash", "-lc"]
        CMD python app.py
        """,
        because="a login shell reads profiles first",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        CMD bash run.sh
        """,
        because="bash as the first process passes no signal on either",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12 AS build
        CMD python app.py
        FROM debian:12
        COPY --from=build /app /app
        """,
        because="nobody starts the first stage",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        CMD echo hello
        """,
        because="echo is the shell's own",
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM python:3.12
        CMD PORT=80 python app.py
        """,
        because="the shell sets the variable",
        level=api.Level.AGGRESSIVE,
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CONFIG, api.Aspect.RUNNER},
    only_with={"CMD", "ENTRYPOINT"},
    examples=EXAMPLES,
    purpose=api.Purpose.CORRECTNESS,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for step in stage.of("CMD", "ENTRYPOINT"):
            words = api.plain_words(step)
            if words and stage.index in file.shipped and not api.keeps_its_shell(file, stage, step, words[0]):
                yield fix(step, words)


def fix(step: api.Step, words: tuple[str, ...]) -> api.Fix:
    return api.Fix(
        title=f"exec form for {step.keyword}",
        edits=api.respell(step, dumps(list(words), ensure_ascii=False)),
        evidence=(
            api.proven("it is one command, and nothing in it is for the shell", step),
            api.known("the shell form starts /bin/sh -c, which keeps signals from the program (Dockerfile reference)"),
            api.assumed(f"{words[0]} does as the first process what it did below a shell", step),
        ),
        span=step.span,
    )
