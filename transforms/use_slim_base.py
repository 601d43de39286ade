r"""Start from the slim or runtime variant of the same image, where nothing has to be built.

Full images carry what few containers need: Debian's own image its manuals and translations (42 MB of 117), the
images of languages compilers, headers and version control (`ruby:3.3` is about 1 GB, `ruby:3.3-slim` 200 MB), a Java
development kit its compiler.

- **Debian**: `debian:12` becomes `debian:12-slim`, which holds the same packages.  A package that cannot be set up
  without a folder for manuals (`openjdk-17-jre-headless`, `postgresql-client`) gets that folder.
- **Python, Node, Ruby** without packages of their own: programs of the full image that a step, the start command,
  scripts, health checks or sources call are installed by name; compilers that nothing uses go.
- **Java**: a development kit becomes the runtime where all that the container starts is `java`.

The release of the distribution and the version of the language stay.  The fix is withheld, with what is missing named,
where a step, a package or a program is not known, and where the image is for development.  Where packages of the
language are installed, a split into two stages does more.
"""

from collections.abc import Iterator

from dockopt import api

MENU = {"server.rb": "require 'webrick'\nWEBrick::HTTPServer.new(Port: 4567).start\n"}

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl jq
        CMD ["curl", "https://example.com"]
        """,
        """
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y curl jq
        CMD ["curl", "https://example.com"]
        """,
    ),
    api.changes(
        """
        FROM debian:bookworm
        # reports are made by a Java program
        RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless
        COPY report.jar /opt/
        ENTRYPOINT ["java", "-jar", "/opt/report.jar"]
        """,
        """
        FROM debian:bookworm-slim
        RUN mkdir -p /usr/share/man/man1
        # reports are made by a Java program
        RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless
        COPY report.jar /opt/
        ENTRYPOINT ["java", "-jar", "/opt/report.jar"]
        """,
        context={"report.jar": ""},
    ),
    api.changes(
        """
        FROM ruby:3.1
        # for gems
        RUN apt-get update -qq && apt-get install -y build-essential
        WORKDIR /app
        ADD . /app
        CMD ["ruby", "server.rb"]
        """,
        """
        FROM ruby:3.1-slim
        # for gems
        WORKDIR /app
        ADD . /app
        CMD ["ruby", "server.rb"]
        """,
        context=MENU,
    ),
    api.changes(
        """
        FROM python:3.12-bookworm
        COPY backup.py /
        HEALTHCHECK CMD curl -f http://localhost/ || exit 1
        CMD ["python", "/backup.py"]
        """,
        """
        FROM python:3.12-slim-bookworm
        RUN apt-get update \\
            && apt-get install -y --no-install-recommends curl git openssh-client \\
            && rm -rf /var/lib/apt/lists/*
        COPY backup.py /
        HEALTHCHECK CMD curl -f http://localhost/ || exit 1
        CMD ["python", "/backup.py"]
        """,
        context={"backup.py": "import subprocess\nsubprocess.run(['git', 'pull'])\n"},
    ),
    api.changes(
        """
        FROM node:20
        COPY . /srv
        USER node
        CMD ["node", "/srv/server.js"]
        """,
        """
        FROM node:20-slim
        COPY . /srv
        USER node
        CMD ["node", "/srv/server.js"]
        """,
        context={"server.js": "require('http').createServer().listen(80)\n"},
    ),
    api.changes(
        """
        FROM eclipse-temurin:17-jdk-jammy
        COPY target/app.jar /app.jar
        EXPOSE 8080
        ENTRYPOINT ["java", "-jar", "/app.jar"]
        """,
        """
        FROM eclipse-temurin:17-jre-jammy
        COPY target/app.jar /app.jar
        EXPOSE 8080
        ENTRYPOINT ["java", "-jar", "/app.jar"]
        """,
        context={"target/app.jar": "", "src/main/java/App.java": "class App {}\n"},
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl man-db
        """,
        because="manuals are wanted",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y some-package-of-another-place
        """,
        because="the package is in no table, and may need folders that the slim image has not",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN cp -r /usr/share/doc/base-files /srv
        """,
        because="a step names a folder that the slim image leaves out",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV LANG=de_DE.UTF-8
        RUN apt-get update && apt-get install -y locales git
        """,
        because="translations are wanted",
    ),
    api.unchanged(
        """
        FROM debian:12
        COPY install.sh /
        RUN sh /install.sh
        """,
        because="without the build context nobody knows what install.sh installs",
    ),
    api.unchanged(
        """
        FROM debian:10
        RUN apt-get update && apt-get install -y curl
        """,
        because="the full image of Debian 10 has more packages than the slim one",
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY app.py /
        CMD ["python", "/app.py"]
        """,
        because="app.py uses tkinter, which the slim image leaves out",
        context={"app.py": "import tkinter\n"},
    ),
    api.unchanged(
        """
        FROM ruby:3.1
        RUN gem install sinatra
        ADD . /app
        CMD ["ruby", "/app/server.rb"]
        """,
        because="gems may be built with compilers that slim has not",
        context=MENU,
    ),
    api.unchanged(
        """
        FROM eclipse-temurin:17-jdk
        COPY app.jar /
        CMD ["sh", "-c", "jcmd 1 VM.flags; java -jar /app.jar"]
        """,
        because="jcmd comes with the development kit only",
        context={"app.jar": ""},
    ),
)


@api.transform(
    phase=api.Phase.STRUCTURE,
    may_change={
        api.Aspect.STAGES,
        api.Aspect.LAYERS,
        api.Aspect.COMMANDS,
        api.Aspect.RECOMMENDS,
        api.Aspect.PACKAGE_LISTS,
        api.Aspect.CACHES,
    },
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        yield from api.base_fix(
            file,
            stage,
            api.slim_verdict(file, stage),
            f"not started from a smaller variant of {stage.base}",
            api.Level.STANDARD,
        )
