"""Which RUNs are joined because one of them throws away what one above it brought."""

import pytest

from dockopt.analyses.joining import undone_later
from dockopt.model.dockerfile import Dockerfile


def joined(*runs: str) -> list[int]:
    """Numbers of the RUNs that are joined with the one above them."""
    file = Dockerfile.parse("FROM debian:12\nWORKDIR /tmp\n" + "".join(f"{run}\n" for run in runs))
    return [index - 1 for index in undone_later(file.final)]


@pytest.mark.parametrize(
    ("runs", "wanted"),
    [
        (("RUN wget https://x.com/a.tgz", "RUN tar -xf a.tgz", "RUN rm a.tgz"), [1, 2]),
        (("RUN wget https://x.com/a.tgz", "RUN tar -xf a.tgz", "RUN rm /tmp/*.tgz"), [1, 2]),
        (("RUN curl -sSLO https://x.com/a.tgz?raw=1", "RUN tar -xf a.tgz && rm -f a.tgz"), [1]),
        (("RUN git clone https://x.com/a.git", "RUN make -C a install", "RUN rm -rf /tmp/a"), [1, 2]),
        (("RUN apt-get download hello", "RUN dpkg-deb -x hello_*.deb /opt", "RUN rm hello_*.deb"), [1, 2]),
        (("RUN curl -o /opt/a.tgz https://x.com", "RUN tar -xf /opt/a.tgz", "RUN rm -rf /opt"), [1, 2]),
        (("RUN wget https://x.com/a.tgz", "RUN tar -xf a.tgz", "RUN rm b.tgz"), []),
        (("RUN wget https://x.com/a.tgz", "COPY x y", "RUN rm a.tgz"), []),
        (("RUN wget https://x.com/a.tgz", "RUN cd /opt && rm a.tgz"), []),
        (("RUN wget -P /opt https://x.com/a.tgz", "RUN rm a.tgz"), []),
        (("RUN wget https://x.com/a.tgz", "RUN pip install x", "RUN rm a.tgz"), []),
    ],
)
def test_files_that_are_fetched_and_removed(runs: tuple[str, ...], wanted: list[int]) -> None:
    assert joined(*runs) == wanted


@pytest.mark.parametrize(
    ("runs", "wanted"),
    [
        (("RUN apt-get install -y gcc", "RUN make", "RUN apt-get purge -y gcc"), [1, 2]),
        (("RUN apt-get install -y gcc", "RUN pip install x", "RUN apt-get purge -y gcc"), [1, 2]),
        (("RUN apt-get install -y wget", "RUN make", "RUN apt-get purge -y wget"), []),
        (("RUN apt-get install -y wget", "RUN apt-get purge -y wget"), [1]),
        (("RUN apt-get install -y gcc && apt-get purge -y gcc", "RUN apt-get purge -y gcc"), []),
        (("RUN apt-get install -y gcc", "RUN cd /src && make", "RUN apt-get purge -y gcc"), []),
    ],
)
def test_packages_that_are_installed_and_purged(runs: tuple[str, ...], wanted: list[int]) -> None:
    assert joined(*runs) == wanted
