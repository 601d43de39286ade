r"""End images of static Go programs on distroless/static, which has no shell.

A program that `go build` writes with `CGO_ENABLED=0` links no library.  `debian:12-slim` around it is 75 MB of programs
that nothing starts; `gcr.io/distroless/static-debian12` is 2 MB: CA certificates, time zones, `/tmp`, and the accounts
root, nobody (65534) and nonroot (65532).

The fix is aggressive: nobody can open a shell in the container any more.  It looks at the last stage on Debian, Ubuntu
or Alpine, as it stands in the file or was made by a split, and is withheld with the reason where a step needs a shell
(`RUN`; one that installs certificates or time zones goes), where CMD, ENTRYPOINT or the health check calls something
else than the program, where another account is used, or where a source calls programs or names files of the system.

See also: the distroless images' "static".
"""

from collections.abc import Iterator

from dockopt import api

SERVER = {"go.mod": "module example.com/server\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}
CALLS = 'package main\n\nimport "os/exec"\n\nfunc main() { exec.Command("git").Run() }\n'

EXAMPLES = (
    api.changes(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        EXPOSE 8080
        USER nobody
        ENTRYPOINT ["/bin/server"]
        """,
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM gcr.io/distroless/static-debian12
        COPY --from=build /bin/server /bin/server
        EXPOSE 8080
        USER nobody
        ENTRYPOINT ["/bin/server"]
        """,
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM golang:1.22 AS build
        ENV CGO_ENABLED=0
        WORKDIR /src
        COPY . .
        RUN go build -o server .

        FROM debian:trixie-slim
        # for requests to other services
        RUN apt-get update && apt-get install -y ca-certificates tzdata && rm -rf /var/lib/apt/lists/*
        WORKDIR /app
        COPY --from=build /src/server ./
        COPY templates templates
        CMD ["./server"]
        """,
        """
        FROM golang:1.22 AS build
        ENV CGO_ENABLED=0
        WORKDIR /src
        COPY . .
        RUN go build -o server .

        FROM gcr.io/distroless/static-debian13
        # for requests to other services
        WORKDIR /app
        COPY --from=build /src/server ./
        COPY templates templates
        CMD ["./server"]
        """,
        context={**SERVER, "templates/index.html": "<p>hello</p>\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        """
        FROM golang:1.22-alpine AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 GOOS=linux go build -o /server

        FROM alpine:3.20
        RUN apk add --no-cache ca-certificates
        COPY --from=build /server /usr/local/bin/server
        HEALTHCHECK CMD ["server", "-check"]
        CMD ["server"]
        """,
        """
        FROM golang:1.22-alpine AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 GOOS=linux go build -o /server

        FROM gcr.io/distroless/static-debian12
        COPY --from=build /server /usr/local/bin/server
        HEALTHCHECK CMD ["server", "-check"]
        CMD ["server"]
        """,
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT ["/bin/server"]
        """,
        because="standard keeps a shell in the image",
        context=SERVER,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT ["/bin/server"]
        """,
        because="the program may link the C library",
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT /bin/server --port $PORT
        """,
        because="a shell starts the program",
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        RUN mkdir /data
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT ["/bin/server"]
        """,
        because="a RUN needs a shell",
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        USER www-data
        ENTRYPOINT ["/bin/server"]
        """,
        because="distroless has no such account",
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        HEALTHCHECK CMD curl -f http://localhost:8080/
        ENTRYPOINT ["/bin/server"]
        """,
        because="the health check calls curl",
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT ["/bin/server"]
        """,
        because="git is installed, and a source calls it",
        context={**SERVER, "main.go": CALLS},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /bin/server .

        FROM debian:12-slim
        COPY --from=build /bin/server /bin/server
        ENTRYPOINT ["/bin/server"]
        """,
        because="a source calls a program whose name is not written there",
        context={**SERVER, "run.go": 'package main\n\nimport "os/exec"\n\nfunc run(n string) { exec.Command(n) }\n'},
        level=api.Level.AGGRESSIVE,
    ),
)


@api.transform(
    phase=api.Phase.STRUCTURE,
    may_change={
        api.Aspect.STAGES,
        api.Aspect.COMMANDS,
        api.Aspect.LAYERS,
        api.Aspect.RECOMMENDS,
        api.Aspect.PACKAGE_LISTS,
        api.Aspect.CACHES,
    },
    only_with={"go"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        yield from api.base_fix(
            file, stage, api.static_verdict(file, stage), "not ended on an image without a shell", api.Level.AGGRESSIVE
        )
