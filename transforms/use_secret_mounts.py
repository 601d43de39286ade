r"""Point out secrets in `ARG`, `ENV` and copied files that a secret mount would keep out of the image.

What `ENV` sets is in the image for everybody who pulls it, `docker history` shows the build arguments that a `RUN`
was given, and a file that a later step deletes is still in the layer that copied it.  `RUN --mount=type=secret,id=…`
gives a step the secret and leaves nothing behind.

This is advice: with a mount the secret has to be passed in another way (`docker build --secret`), so that every build
that passes it as an argument would stop.  Images that were pushed keep the old secret in their history whatever
becomes of the file; it has to be revoked.

Silent in stages whose layers nobody receives, for empty values, for names of files (`…_FILE`), and for what is public
by its name.

See also: BuildKit SecretsUsedInArgOrEnv.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.unchanged(
        """
        FROM node:20
        ARG NPM_TOKEN
        RUN npm ci
        """,
        because="it is advice: the history shows the token",
    ),
    api.unchanged(
        """
        FROM python:3.12
        ENV DB_PASSWORD=hunter2
        """,
        because="it is advice: the password is in the image",
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY id_rsa /root/.ssh/id_rsa
        RUN pip install -r requirements.txt && rm /root/.ssh/id_rsa
        """,
        because="it is advice: the layer keeps the key",
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install --index-url https://me:secret@pypi.example.org/simple x
        """,
        because="it is advice: the address holds a password",
    ),
    api.unchanged(
        """
        FROM postgres:16
        ENV POSTGRES_PASSWORD_FILE=/run/secrets/password
        """,
        because="this names a file",
    ),
    api.unchanged(
        """
        FROM postgres:16
        ENV POSTGRES_PASSWORD=
        """,
        because="nothing is said",
    ),
    api.unchanged(
        """
        FROM node:20 AS build
        ARG NPM_TOKEN
        RUN npm ci
        FROM node:20-slim
        COPY --from=build /app /app
        """,
        because="nobody receives the stage with the token",
    ),
    api.unchanged(
        """
        FROM node:20
        ENV NEXT_PUBLIC_API_KEY=abc SSH_PUBLIC_KEY=ssh-rsa TOKENIZERS_PARALLELISM=false
        """,
        because="these are public, or no secrets",
    ),
)
ENDS = ("TOKEN", "PASSWORD", "PASSWD", "SECRET", "API_KEY", "APIKEY", "PRIVATE_KEY", "SECRET_KEY", "ACCESS_KEY", "_PWD")
FILES = ("id_rsa", "id_ed25519", "id_ecdsa", ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass")


@api.transform(phase=api.Phase.SPELLING, may_change=set(), examples=EXAMPLES, purpose=api.Purpose.SECURITY)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        if stage.index in file.shipped:
            for step in stage.steps:
                if may_hold_secrets(step):
                    for what in secrets(step):
                        yield advice(step, what)


def may_hold_secrets(step: api.Step) -> bool:
    """Whether a closer look is worth it, as it mostly is not."""
    if step.keyword in ("ARG", "ENV"):
        text = step.text.upper()
        return any(end in text for end in ENDS)
    if isinstance(step, api.Copy):
        return any(source.endswith(FILES) for source in step.sources)
    return isinstance(step, api.Run) and bool(step.facts(passwords))


def secrets(step: api.Step) -> Iterator[str]:
    """What a step holds, and where everybody sees it."""
    if step.keyword == "ARG":
        names = (name.partition("=")[0] for name in step.text.split())
        yield from (f"the history shows {name}" for name in names if is_secret(name))
    elif step.keyword == "ENV":
        after = api.set_by(step)
        yield from (f"{name} is in the image's settings" for name, value in after if is_secret(name) and value != "")
    elif isinstance(step, api.Copy) and step.from_ is None:
        names = (source.rpartition("/")[2] for source in step.sources)
        yield from (f"the layer keeps {name}" for name in names if name in FILES)
    elif isinstance(step, api.Run):
        yield from ("the history shows the password in an address" for _ in step.facts(passwords))


def passwords(calls: tuple[api.Call, ...]) -> tuple[str, ...]:
    """The words of a body that are addresses with a password."""
    words = (word.value for call in calls for word in call.words)
    return tuple(word for word in words if word and "://" in word and has_password(word))


def is_secret(name: str) -> bool:
    upper = name.upper()
    return upper.endswith(ENDS) and "PUBLIC" not in upper and "EMPTY" not in upper


def has_password(word: str) -> bool:
    scheme, found, rest = word.partition("://")
    account, at, _ = rest.partition("/")[0].rpartition("@")
    name, colon, password = account.partition(":")
    return bool(found and at and name and colon and password) and "http" in scheme


def advice(step: api.Step, what: str) -> api.Fix:
    return api.Fix(
        title=f"{what}: RUN --mount=type=secret keeps a secret out",
        edits=(),
        evidence=(api.proven("everybody who receives the image can read it", step),),
        span=step.span,
    )
