"""What keeps a stage on the full image of a language or on a Java development kit, one thing at a time."""

import pytest

from dockopt.analyses.slim.find import slim_verdict
from dockopt.context.tree import MemoryContext
from dockopt.fixes import Strength
from dockopt.model.dockerfile import Dockerfile

RUBY = {"server.rb": "require 'webrick'\n"}


def reason(text: str, context: dict[str, str]) -> str:
    file = Dockerfile.parse(text, MemoryContext(context))
    verdict = slim_verdict(file, file.final)
    assert bool(verdict.base) is not bool(verdict.reason)
    return verdict.reason


@pytest.mark.parametrize(
    ("steps", "files", "word"),
    [
        ("", {}, ""),
        ("RUN ruby /app/setup.rb\n", {}, ""),
        ("RUN gem install rack\n", {}, "gem may need or bring"),
        ("RUN ruby -e 'system(ARGV)'\n", {}, "ruby may need or bring"),
        ("RUN apt-get update && apt-get install -y gcc && make\n", {}, "does more"),
        ("COPY --from=x /usr/local /usr/local\n", {}, "what is copied from x"),
        ('SHELL ["bash", "-c"]\n', {}, "SHELL"),
        ("", {"lib/x.so": ""}, "lib/x.so may need libraries"),
        ("", {"a.rb": "require 'fiddle'\n"}, "loads shared libraries"),
        ("HEALTHCHECK CMD /opt/check\n", {}, "calls /opt/check"),
        ("HEALTHCHECK CMD check-it\n", {}, "calls check-it"),
        ("COPY check /usr/local/bin/\nHEALTHCHECK CMD check\n", {"check": "#!/bin/sh\nexit 0\n"}, ""),
        ("COPY check /usr/local/bin/\nHEALTHCHECK CMD check\n", {"check": "#!/bin/sh\n/opt/x\n"}, "calls /opt/x"),
        ("HEALTHCHECK CMD make check\n", {}, "recipes are not read"),
    ],
)
def test_ruby(steps: str, files: dict[str, str], word: str) -> None:
    text = f'FROM ruby:3.2-bookworm\nCOPY . /app\n{steps}CMD ["ruby", "/app/server.rb"]\n'
    found = reason(text, {**RUBY, **files})
    assert word in found
    assert bool(found) is bool(word)


def test_programs_that_are_not_written_out_are_an_assumption() -> None:
    context = MemoryContext({"server.rb": "system(*ARGV)\n"})
    file = Dockerfile.parse('FROM ruby:3.2-bookworm\nCOPY . /app\nCMD ["ruby", "/app/server.rb"]\n', context)
    base = slim_verdict(file, file.final).base
    assert base is not None
    assert max(evidence.strength for evidence in base.evidence) is Strength.ASSUMED


@pytest.mark.parametrize(
    ("steps", "files", "word"),
    [
        ("RUN useradd app\nUSER app\n", {}, ""),
        ("RUN apt-get update && apt-get install -y tini\n", {}, ""),
        ("RUN curl -O https://example.com/agent.jar\n", {}, "a step calls curl"),
        ("ENV X=$JAVA_HOME/lib\n", {}, "works on the files of the development kit"),
        ("HEALTHCHECK CMD curl localhost\n", {}, "calls curl"),
        ("HEALTHCHECK CMD jps\n", {}, "calls jps"),
        ("", {"src/main/java/A.java": "import javax.tools.ToolProvider;\n"}, "A.java speaks of javax.tools"),
        ("", {"src/test/java/A.java": "import javax.tools.ToolProvider;\n"}, ""),
        ('CMD ["sh", "-c", "exec /start"]\n', {}, "calls /start"),
    ],
)
def test_java(steps: str, files: dict[str, str], word: str) -> None:
    text = f'FROM eclipse-temurin:17-jdk\nCOPY app.jar /\nCMD ["java", "-jar", "/app.jar"]\n{steps}'
    found = reason(text, {"app.jar": "", **files})
    assert word in found
    assert bool(found) is bool(word)
