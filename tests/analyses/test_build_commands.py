"""Which commands are known to install no packages, by convention or by what their makers say."""

import pytest

from dockopt.analyses.build_commands import GNU, convention
from dockopt.model.dockerfile import Dockerfile

DJANGO = "Django's documentation, django-admin and manage.py"
SYMFONY = "Symfony's documentation, console commands of the framework bundle"


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ("./configure && make -j 4 install", GNU),
        ("make install", ""),
        ("./configure && make deps", ""),
        ("qmake -r CONFIG+=release", "qmake manual: it writes makefiles"),
        ("lsb_release -cs", "its release is in files, lsb_release(1)"),
        ("python manage.py collectstatic --no-input", DJANGO),
        ("python /app/manage.py collectstatic", DJANGO),
        ("python manage.py provision", ""),
        ("python mymanage.py collectstatic", ""),
        ("php bin/console cache:clear", SYMFONY),
        ("bin/console app:install", ""),
        ("curl -sSf https://sh.rustup.rs | sh -s -- -y", "the script at https://sh.rustup.rs"),
        ("curl -sSf https://example.org/install.sh | sh", ""),
        ("cat install.sh | sh", ""),
        (
            "wget https://repo.example.org/Miniforge3-x86_64.sh && sh Miniforge3-x86_64.sh -b",
            "conda's documentation, installing",
        ),
        ("sh Miniforge3-x86_64.sh -b", ""),
    ],
)
def test_a_command_is_known_for_what_it_does(body: str, source: str) -> None:
    file = Dockerfile.parse(f"FROM debian:12\nRUN {body}\n")
    assert convention(file, file.runs[0], file.runs[0].calls[-1]) == source


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        ("WORKDIR /src\nRUN ./configure\nRUN make && make install\n", GNU),
        ("WORKDIR /src\nRUN ./configure\nWORKDIR /other\nRUN make install\n", ""),
        ("WORKDIR /src\nRUN cd lib && ./configure\nRUN make install\n", ""),
        ("RUN ./configure\nRUN cd lib && make install\n", ""),
    ],
)
def test_a_makefile_may_have_been_made_before_in_the_same_folder(lines: str, source: str) -> None:
    file = Dockerfile.parse(f"FROM debian:12\n{lines}")
    assert convention(file, file.runs[-1], file.runs[-1].calls[-1]) == source


@pytest.mark.parametrize("base", ["debian:sid", "example.org/base"])
def test_lsb_release_may_ask_apt_where_there_is_no_release(base: str) -> None:
    file = Dockerfile.parse(f"FROM {base}\nRUN lsb_release -cs\n")
    assert convention(file, file.runs[0], file.runs[0].calls[0]) == ""
