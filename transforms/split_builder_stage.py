r"""Build in a stage of its own and run on the slim image.

A full image carries compilers, headers and version control that only the build needs: `python:3.12` is about 1.1 GB,
`python:3.12-slim` 124 MB.  The build stays as it is, in a stage called `builder`; the last stage starts from the slim
variant of the same image (for Go: Debian's slim image of the same release) and receives what the program needs.

- **Python with pip**, `uv pip install --system` or `pipenv install --system`: a virtual environment at `/opt/venv`;
  `-dev` packages are replaced by their runtime libraries, or by nothing where every requirement is known to bring its
  own. The environment's pip stays behind where nothing that runs may call it, and so do uv and pipenv.
- **Python with uv or Poetry**: the project's folder with its environment, without development packages where nothing
  that runs names one. `CMD ["uv", "run", "x"]` becomes `CMD ["x"]`: the environment is complete and first in PATH.
- **Node with npm, Yarn or pnpm**: the application's folder with its build output, without development dependencies
  where nothing that runs uses them (Yarn 1 where nothing changes a package after its install; pnpm 9 and later).
- **Python and Node on Alpine**: both stages stand on the same image; compilers and headers that `apk` installs stay in
  the builder, and the libraries that they are known to stand for are installed by name.
- **Ruby with bundler**: the folder of gems (`/usr/local/bundle`) and the application's own, with the libraries that
  native gems link.
- **Elixir**: the application's folder compiled for prod, and Mix's archives where Mix starts it, on the same Elixir's
  slim image; withheld where a locked package may link a library.
- **PHP**: compiled extensions with the libraries they link, and what Composer installed; the image stays the same.
- **Go**: the binary, the CA certificates, and whatever else the build context holds besides Go sources.
- **Rust**: the programs that Cargo builds, with the libraries that the locked crates link.
- **Java**: the archive that Maven, Gradle or `jar` makes, on the same Java of the same vendor without its tools.
- **.NET**: what `dotnet publish` writes, on the ASP.NET or runtime image of the SDK's tag.  No real build stands behind
  this one: it rests on the Dockerfiles of these images, and refuses whatever the project does not spell out.
- **C and C++**: what compiler calls, make or CMake write and install, with the libraries that are linked; of a build
  with `./configure` the whole prefix, with every library that it may have found.

The fix needs the build context: manifests, sources and start scripts say what the program uses when it runs.  It is
withheld where a package or program is not in the tables, and not proposed where a step cannot be understood; the
reason is printed.  In a file with several stages one is split where no other copies from it; stages built on it (the
targets of a compose file) keep their names, and what they start and install is looked at as well.

See also: the guides' "multi-stage builds".
"""

from collections.abc import Iterator

from dockopt import api

FLASK = {
    "requirements.txt": "flask==3.0.3\ngunicorn==22.0.0\n",
    "app.py": "from flask import Flask\napp = Flask('x')\n",
}
POSTGRES = {"requirements.txt": "flask\npsycopg2==2.9.9\n", "app.py": "import flask\n"}
EXPRESS = {
    "package.json": '{"name": "x", "scripts": {"start": "node server.js"}, "dependencies": {"express": "^4.19.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"name": "x"}}}',
    "server.js": "require('express')().listen(3000)\n",
}
LEDGER = {
    "pyproject.toml": '[project]\nname = "ledger"\nrequires-python = ">=3.11"\ndependencies = ["flask==3.0.3"]\n'
    '[dependency-groups]\ndev = ["pytest"]\n',
    "ledger.py": "from flask import Flask\napp = Flask('x')\n",
}
SERVER = {"go.mod": "module example.com/server\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}

SINATRA = {
    "Gemfile": "source 'https://gems.example.com'\ngem 'sinatra'\ngem 'pg'\n",
    "Gemfile.lock": "GEM\n  remote: https://gems.example.com/\n  specs:\n    pg (1.5.4)\n    rack (2.2.8)\n"
    "    sinatra (3.1.0)\n      rack (~> 2.2)\n\nPLATFORMS\n  x86_64-linux\n",
    "server.rb": "require 'sinatra'\n",
}

EXAMPLES = (
    api.changes(
        """
        FROM python:3.12
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY . .
        EXPOSE 8000
        CMD ["gunicorn", "app:app", "--bind", "0.0.0.0:8000"]
        """,
        """
        FROM python:3.12 AS builder
        WORKDIR /app
        COPY requirements.txt .
        RUN python -m venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        RUN pip install -r requirements.txt
        RUN pip uninstall -y pip

        FROM python:3.12-slim
        WORKDIR /app
        COPY --from=builder /opt/venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        COPY . .
        EXPOSE 8000
        CMD ["gunicorn", "app:app", "--bind", "0.0.0.0:8000"]
        """,
        context=FLASK,
    ),
    api.changes(
        """
        FROM python:3.12-slim
        # psycopg2 is built from source
        RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
        COPY requirements.txt /app/
        RUN pip install --no-cache-dir -r /app/requirements.txt
        COPY . /app
        WORKDIR /app
        CMD ["python", "app.py"]
        """,
        """
        FROM python:3.12-slim AS builder
        # psycopg2 is built from source
        RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
        COPY requirements.txt /app/
        RUN python -m venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        RUN pip install --no-cache-dir -r /app/requirements.txt
        RUN pip uninstall -y pip

        FROM python:3.12-slim
        RUN apt-get update \\
            && apt-get install -y --no-install-recommends libpq5 \\
            && rm -rf /var/lib/apt/lists/*
        COPY --from=builder /opt/venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        COPY . /app
        WORKDIR /app
        CMD ["python", "app.py"]
        """,
        context=POSTGRES,
    ),
    api.changes(
        """
        FROM node:20
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci
        COPY . .
        EXPOSE 3000
        CMD ["npm", "start"]
        """,
        """
        FROM node:20 AS builder
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci

        FROM node:20-slim
        WORKDIR /app
        COPY --from=builder /app /app
        COPY . .
        EXPOSE 3000
        CMD ["npm", "start"]
        """,
        context=EXPRESS,
    ),
    api.changes(
        """
        FROM node:20
        WORKDIR /app
        COPY . .
        RUN npm ci
        RUN npm run build
        ENV NODE_ENV=production
        CMD ["node", "dist/server.js"]
        """,
        """
        FROM node:20 AS builder
        WORKDIR /app
        COPY . .
        RUN npm ci
        RUN npm run build
        RUN npm prune --omit=dev

        FROM node:20-slim
        WORKDIR /app
        COPY --from=builder /app /app
        ENV NODE_ENV=production
        CMD ["node", "dist/server.js"]
        """,
        context={
            "package.json": '{"name": "x", "scripts": {"build": "tsc"}, "dependencies": {"express": "^4.19.0"},'
            ' "devDependencies": {"typescript": "^5.0.0"}}',
            "src/server.ts": "import express from 'express'\n",
        },
    ),
    api.changes(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN go mod download
        RUN go build -o /bin/server .
        EXPOSE 8080
        ENTRYPOINT ["/bin/server"]
        """,
        """
        FROM golang:1.22 AS builder
        WORKDIR /src
        COPY . .
        RUN go mod download
        RUN go build -o /bin/server .

        FROM debian:bookworm-slim
        WORKDIR /src
        COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
        COPY --from=builder /bin/server /bin/server
        COPY --from=builder /src/templates /src/templates
        EXPOSE 8080
        ENTRYPOINT ["/bin/server"]
        """,
        context={**SERVER, "templates/index.html": "<p>hello</p>\n"},
    ),
    api.changes(
        """
        FROM ruby:3.2-bookworm
        RUN apt-get update -qq && apt-get install -y build-essential libpq-dev
        WORKDIR /app
        COPY Gemfile Gemfile.lock ./
        RUN bundle install
        COPY . .
        CMD ["bundle", "exec", "ruby", "server.rb"]
        """,
        """
        FROM ruby:3.2-bookworm AS builder
        RUN apt-get update -qq && apt-get install -y build-essential libpq-dev
        WORKDIR /app
        COPY Gemfile Gemfile.lock ./
        RUN bundle install

        FROM ruby:3.2-slim-bookworm
        RUN apt-get update \\
            && apt-get install -y --no-install-recommends libpq5 \\
            && rm -rf /var/lib/apt/lists/*
        WORKDIR /app
        COPY --from=builder /usr/local/bundle /usr/local/bundle
        COPY --from=builder /app /app
        COPY . .
        CMD ["bundle", "exec", "ruby", "server.rb"]
        """,
        context=SINATRA,
    ),
    api.unchanged(
        """
        FROM ruby:3.2-bookworm
        WORKDIR /app
        COPY . .
        RUN bundle install
        CMD ["ruby", "server.rb"]
        """,
        because="nothing is known of a gem",
        context={**SINATRA, "Gemfile.lock": "GEM\n  specs:\n    a-gem-that-nobody-knows (1.0)\n"},
    ),
    api.changes(
        """
        FROM python:3.12
        RUN pip install uv
        WORKDIR /app
        COPY . .
        RUN uv sync
        CMD ["uv", "run", "flask", "--app", "ledger", "run"]
        """,
        """
        FROM python:3.12 AS builder
        RUN pip install uv
        WORKDIR /app
        COPY . .
        RUN uv sync --no-dev

        FROM python:3.12-slim
        WORKDIR /app
        COPY --from=builder /app /app
        ENV VIRTUAL_ENV=/app/.venv PATH="/app/.venv/bin:$PATH"
        CMD ["flask", "--app", "ledger", "run"]
        """,
        context=LEDGER,
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
        CMD ["python", "app.py"]
        """,
        because="without the build context nothing is known of the requirements",
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
        CMD ["python", "app.py"]
        """,
        because="a requirement is not in the tables",
        context={"requirements.txt": "a-package-that-nobody-knows\n", "app.py": "import flask\n"},
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
        CMD ["/usr/local/bin/gunicorn", "app:app"]
        """,
        because="CMD names a path of the system's Python",
        context=FLASK,
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        CMD ["go", "run", "."]
        """,
        because="the container compiles when it starts",
        context=SERVER,
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN go build -o /bin/server . && go build -o /bin/tool ./tool
        USER nobody
        CMD ["/bin/server", "--with", "git"]
        """,
        because="a source calls a program whose name is not written there",
        context={
            **SERVER,
            "run.go": 'package main\n\nimport "os/exec"\n\nfunc run(name string) { exec.Command(name) }\n',
        },
    ),
)


@api.transform(
    phase=api.Phase.STRUCTURE,
    may_change={
        api.Aspect.STAGES,
        api.Aspect.FILES,
        api.Aspect.OWNERSHIP,
        api.Aspect.LAYERS,
        api.Aspect.COMMANDS,
        api.Aspect.RECOMMENDS,
        api.Aspect.PACKAGE_LISTS,
        api.Aspect.CACHES,
        api.Aspect.ARGUMENTS,
        api.Aspect.SEARCH_PATH,
        api.Aspect.RUNNER,
        api.Aspect.ENTRYPOINT,
    },
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        verdict = api.split_verdict(file, stage)
        if verdict.plan:
            yield api.Fix(
                title=verdict.plan.title,
                edits=api.split_stage(file, stage, verdict.plan),
                evidence=tuple(verdict.plan.evidence),
                span=stage.node.span,
                floor=api.Level.STANDARD,
                leaves=verdict.plan.leaves,
            )
        elif reason := verdict.reason or api.unsplit_reason(file, stage):
            yield api.Fix(
                title=f"not split into builder and runtime: {reason}",
                edits=(),
                evidence=(),
                span=stage.node.span,
            )
