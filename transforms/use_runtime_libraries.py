r"""Install runtime libraries in place of development packages in images without a compiler.

The stage that compiles needs `libpq-dev`; the one that runs what was compiled needs `libpq5`.  Many last stages install
the development package all the same: headers, static libraries and what those depend on (`libpq-dev` brings OpenSSL's,
12 MB; `libicu-dev` 50 MB).

The fix is safe to the degree that nothing can be compiled: neither the image (Debian's, or a slim one) nor any package,
in the stage or in those built on it, brings a compiler.  Whatever else a development package brought is installed by
its own name.  Nothing changes where a package is not in the tables, where a file names a library without its version
(`libpq.so`), which only the development package has, or where a program may load libraries by such names (JNA, Ruby's
FFI).  Without the build context nobody can look, and the fix waits for the level aggressive.
"""

from collections.abc import Iterator

from dockopt import api

WORKS = {"app.js": "require('pg')\n", "package.json": '{"name": "x", "dependencies": {"pg-native": "3"}}'}

EXAMPLES = (
    api.changes(
        """
        FROM node:20-bookworm AS build
        WORKDIR /app
        COPY package.json ./
        RUN npm install

        FROM node:20-bookworm-slim
        RUN apt-get update && apt-get install -y --no-install-recommends curl libpq-dev && rm -rf /var/lib/apt/lists/*
        WORKDIR /app
        COPY --from=build /app/node_modules node_modules
        COPY app.js ./
        CMD ["node", "app.js"]
        """,
        """
        FROM node:20-bookworm AS build
        WORKDIR /app
        COPY package.json ./
        RUN npm install

        FROM node:20-bookworm-slim
        RUN apt-get update && apt-get install -y --no-install-recommends curl libpq5 && rm -rf /var/lib/apt/lists/*
        WORKDIR /app
        COPY --from=build /app/node_modules node_modules
        COPY app.js ./
        CMD ["node", "app.js"]
        """,
        context=WORKS,
    ),
    api.changes(
        """
        FROM debian:bookworm-slim
        RUN apt-get update \\
            && apt-get install -y \\
                libicu-dev \\
                libxml2-dev \\
                media-types
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        """
        FROM debian:bookworm-slim
        RUN apt-get update \\
            && apt-get install -y \\
                libicu72 \\
                libxml2 \\
                media-types
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        context={"server": ""},
    ),
    api.changes(
        """
        FROM python:3.12-slim-bookworm AS base
        RUN apt-get update && apt-get install -y libpq5 libpq-dev

        FROM base
        COPY app.py ./
        CMD ["python", "app.py"]
        """,
        """
        FROM python:3.12-slim-bookworm AS base
        RUN apt-get update && apt-get install -y libpq5

        FROM base
        COPY app.py ./
        CMD ["python", "app.py"]
        """,
        context={"app.py": "import psycopg\n"},
    ),
    api.unchanged(
        """
        FROM python:3.12-slim-bookworm
        RUN apt-get update && apt-get install -y libpq-dev g++
        COPY app.py ./
        CMD ["python", "app.py"]
        """,
        because="there is a compiler",
        context={"app.py": "import psycopg2\n"},
    ),
    api.unchanged(
        """
        FROM python:3.12-slim-bookworm AS base
        RUN apt-get update && apt-get install -y libpq-dev

        FROM base AS test
        RUN apt-get update && apt-get install -y build-essential
        RUN pip install psycopg2

        FROM base
        COPY app.py ./
        CMD ["python", "app.py"]
        """,
        because="a stage that is built on it brings a compiler",
        context={"app.py": "import psycopg2\n"},
    ),
    api.unchanged(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libpq-dev python3-pip
        COPY app.py ./
        CMD ["python3", "app.py"]
        """,
        because="python3-pip recommends compilers",
        context={"app.py": "import psycopg2\n"},
    ),
    api.unchanged(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libpq-dev
        COPY app.py ./
        CMD ["python3", "app.py"]
        """,
        because="a file names the library without its version",
        context={"app.py": "import ctypes\nctypes.CDLL('libpq.so')\n"},
    ),
    api.unchanged(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libmarble-dev
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        because="the package is not in the tables",
        context={"server": ""},
    ),
    api.unchanged(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libpq-dev
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        because="without the build context nothing shows how the program names its libraries",
    ),
    api.changes(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libpq-dev
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y libpq5
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl libpq-dev
        RUN curl -sSf https://sh.rustup.rs | sh -s -- -y
        COPY server /usr/local/bin/
        CMD ["server"]
        """,
        because="a script brings a compiler",
        context={"server": ""},
    ),
)


@api.transform(
    phase=api.Phase.STRUCTURE,
    may_change={api.Aspect.COMMANDS, api.Aspect.RECOMMENDS},
    only_with={"apt-get", "apt"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        swap = api.runtime_swap(file, stage)
        if swap is None:
            continue
        edits = [
            edit
            for run, word, text in swap.words
            for edit in (api.replace_word(run, word, text) if text else api.remove_word(run, word))
        ]
        names = ", ".join(word.text for _, word, _ in swap.words)
        yield api.Fix(
            title=f"install runtime libraries in place of {names}",
            edits=tuple(edits),
            evidence=swap.evidence,
            span=stage.node.span,
            floor=api.Level.STANDARD,
        )
