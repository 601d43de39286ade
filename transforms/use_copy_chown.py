r"""Give files their owner with `COPY --chown` where a `RUN chown -R` copies them all again.

A layer stores whole files: `chown -R` of what a `COPY` brought writes every file a second time, and the image grows by
the size of the application.  `COPY --chown` gives the owner at once.

The fix is right where only `COPY`s of the same stage put files into the folder.  If `WORKDIR` or `mkdir` made the
folder before, a `chown` of the folder alone stays, because `--chown` never changes a folder that is there.  It is safe
where the file shows all of that; where a command above could write anywhere, or little is known of the base image, it
is standard and says what remains to be believed.

Left alone: folders that the base image may fill (`/var/www/html`, home folders), a `chown` without `-R` or without both
user and group, names of accounts that are made behind the `COPY`, archives and downloads of `ADD`, `COPY --link`, and
whatever may have written into the folder in between, such as `npm install`.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM node:20
        COPY . /srv/app
        RUN chown -R node:node /srv/app
        USER node
        """,
        """
        FROM node:20
        COPY --chown=node:node . /srv/app
        USER node
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN useradd app
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install flask
        COPY . .
        RUN chown -R app:app /app
        USER app
        """,
        """
        FROM python:3.12
        RUN useradd app
        WORKDIR /app
        COPY --chown=app:app requirements.txt .
        RUN pip install flask
        COPY --chown=app:app . .
        RUN chown app:app /app
        USER app
        """,
    ),
    api.changes(
        """
        FROM node:20 AS build
        RUN npm ci && npm run build
        FROM nginx:1.27
        COPY --from=build --chmod=755 /app/dist /opt/site
        RUN apt-get update && \\
            # for the shell
            chown -R 101:101 /opt/site && \\
            chmod 700 /opt/site
        """,
        """
        FROM node:20 AS build
        RUN npm ci && npm run build
        FROM nginx:1.27
        COPY --from=build --chmod=755 --chown=101:101 /app/dist /opt/site
        RUN apt-get update && \\
            # for the shell
            chmod 700 /opt/site
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        ARG OWNER=1000:1000
        ENV HOME_OF_APP=/code
        COPY src $HOME_OF_APP
        RUN chown -R "$OWNER" ${HOME_OF_APP}
        USER 1000
        """,
        """
        FROM python:3.12
        ARG OWNER=1000:1000
        ENV HOME_OF_APP=/code
        COPY --chown=$OWNER src $HOME_OF_APP
        USER 1000
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        COPY --chown=1000:1000 . /app
        RUN mkdir /data && chown -R 1000:1000 /app /data
        """,
        """
        FROM python:3.12
        COPY --chown=1000:1000 . /app
        RUN mkdir /data && chown -R 1000:1000 /data
        """,
    ),
    api.changes(
        """
        FROM example.org/base
        ADD src /code
        RUN chown -R 1000:1000 /code
        USER 1000
        """,
        """
        FROM example.org/base
        ADD --chown=1000:1000 src /code
        USER 1000
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        RUN chown -R 1000:1000 .
        """,
        """
        FROM python:3.12
        WORKDIR /app
        COPY --chown=1000:1000 requirements.txt .
        RUN pip install -r requirements.txt
        RUN chown 1000:1000 .
        """,
    ),
    api.unchanged(
        """
        FROM example.org/base
        COPY src /code
        RUN chown -R 1000:1000 /code
        """,
        because="the base image may have files in /code, which would lose their owner",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM node:20
        WORKDIR /app
        COPY package.json .
        RUN npm install
        RUN chown -R node:node /app
        """,
        because="node_modules needs the owner too",
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY . /app
        RUN useradd app && chown -R app:app /app
        """,
        because="the user is made behind the COPY",
    ),
    api.unchanged(
        """
        FROM php:8.3-apache
        COPY . /var/www/html
        RUN chown -R www-data:www-data /var/www/html
        """,
        because="the folder belongs to the base image",
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app/data
        COPY . /app
        RUN chown -R 1000:1000 /app
        """,
        because="WORKDIR made /app/data, which would stay root's",
    ),
    api.unchanged(
        """
        FROM python:3.12
        ADD app.tar.gz /app
        RUN chown -R 1000:1000 /app
        """,
        because="ADD unpacks the archive",
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY . /app
        RUN cd /app && git describe && chown -R 1000:1000 /app
        """,
        because="git refuses to work in a folder of another user",
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY rootfs /
        COPY . /app
        RUN chown -R 1000:1000 /app
        """,
        because="rootfs may hold a folder app",
    ),
)
MAY_CHANGE = {api.Aspect.OWNERSHIP, api.Aspect.LAYERS}


@api.transform(phase=api.Phase.COMMANDS, may_change=MAY_CHANGE, only_with={"chown"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        if run.stage in file.shipped:
            for takeover in api.takeovers(file, run):
                if can_rewrite(takeover):
                    yield fix(takeover)


def can_rewrite(takeover: api.Takeover) -> bool:
    partly = takeover.keeps_folder or takeover.path is not None
    return partly or is_alone(takeover) or api.can_remove(takeover.run, takeover.call)


def is_alone(takeover: api.Takeover) -> bool:
    return len(takeover.run.calls) == 1


def fix(takeover: api.Takeover) -> api.Fix:
    return api.Fix(
        title=f"copy into {takeover.folder} with --chown instead of chown -R",
        edits=(*(edit for copy in takeover.copies for edit in add_owner(copy, takeover)), *drop_chown(takeover)),
        evidence=(
            api.proven(f"nothing but COPY puts files into {takeover.folder} above the chown", takeover.run),
            api.known("COPY --chown gives the owner to all it copies (Dockerfile reference)", takeover.first),
            *(api.inferred(doubt, takeover.run) for doubt in takeover.doubts),
        ),
        span=takeover.run.span,
    )


def add_owner(copy: api.Copy, takeover: api.Takeover) -> tuple[api.Edit, ...]:
    return api.add_flag(copy, f"--chown={takeover.owner}")


def drop_chown(takeover: api.Takeover) -> tuple[api.Edit, ...]:
    """Take the command out, or the folder where it names others, or `-R` where the folder still needs the owner."""
    if takeover.path is not None:
        return api.remove_word(takeover.run, takeover.path)
    if takeover.keeps_folder:
        return api.remove_word(takeover.run, takeover.recursive)
    if is_alone(takeover):
        return api.remove(takeover.run)
    return api.remove_command(takeover.run, takeover.call)
