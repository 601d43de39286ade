"""What keeps a stage on the full image of Debian; each case breaks one thing of a file that could change it."""

import pytest

from dockopt.analyses.slim.find import slim_verdict
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

INSTALLS = "FROM debian:12\nRUN apt-get update && apt-get install -y git\n"


def reason(text: str, context: dict[str, str] | None = None) -> str:
    file = Dockerfile.parse(text, MemoryContext(context) if context is not None else None)
    verdict = slim_verdict(file, file.final)
    assert bool(verdict.base) is not bool(verdict.reason)
    return verdict.reason


@pytest.mark.parametrize(
    "addition",
    [
        "",
        "RUN mkdir -p /usr/share/man/man1 && rm -rf /usr/share/doc/*\n",
        "ENV LANG=en_US.UTF-8\n",
        "RUN localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8\n",
        "RUN curl -fsSL https://example.com/x.tgz | tar -xz -C /opt\n",
        "RUN make -C /src install\n",
        "FROM scratch\nCOPY --from=0 /usr/bin/git /git\nFROM debian:12\nCMD git\n",
    ],
)
def test_nothing_stands_in_the_way(addition: str) -> None:
    assert reason(INSTALLS + addition) == ""


@pytest.mark.parametrize(
    ("addition", "word"),
    [
        ("RUN man git\n", "man reads manuals"),
        ("RUN apt-get install -y git-doc\n", "git-doc is installed for documents"),
        ("RUN apt-get install -y ./x.deb\n", "./x.deb"),
        ("ARG P\nRUN apt-get install -y $P\n", "of a variable"),
        ("RUN apt-get build-dep -y git\n", "build-dep"),
        ("RUN dpkg -i /x.deb\n", "dpkg installs packages"),
        ("RUN curl https://example.com/install | bash\n", "what `bash` runs is not known"),
        ('RUN bash -c "apt-get install -y x"\n', "installs packages that are not known"),
        ("RUN ls > /usr/share/doc/list\n", "a file is written"),
        ("RUN rm -r /usr/share/man/man1\n", "names a folder"),
        ("ENV LC_ALL=fr_FR.UTF-8\n", "asks for translations"),
        ("RUN update-locale LANG=de_DE.UTF-8\n", "asks for translations"),
        ('CMD ["man", "git"]\n', "CMD needs manuals"),
        ("ONBUILD RUN ls\n", "ONBUILD"),
        ("RUN if then\n", "cannot be read"),
        ("COPY . /srv\n", "the build context is not given"),
    ],
)
def test_each_of_these_does(addition: str, word: str) -> None:
    assert word in reason(INSTALLS + addition)


@pytest.mark.parametrize(
    ("context", "word"),
    [
        ({"run.sh": "cat notes\n", "notes": "x\n"}, ""),
        ({"run.sh": "apt-get install -y x\n"}, "run.sh installs packages"),
        ({"run.sh": "zcat /usr/share/doc/git/x.gz\n"}, "run.sh names a folder"),
    ],
)
def test_files_of_the_context_are_read(context: dict[str, str], word: str) -> None:
    found = reason(f"{INSTALLS}COPY . /srv\n", context)
    assert found.startswith(word)
    assert bool(found) is bool(word)


def test_a_stage_that_nobody_receives_stays() -> None:
    file = Dockerfile.parse("FROM debian:12 AS build\nRUN make\nFROM scratch\nCOPY --from=build /x /x\n")
    assert slim_verdict(file, file.stages[0]) == (None, "")


def test_stages_built_on_it_count() -> None:
    file = Dockerfile.parse(f"{INSTALLS}".replace("12", "12 AS base") + "FROM base\nRUN man git\n")
    assert "man reads manuals" in slim_verdict(file, file.stages[0]).reason
