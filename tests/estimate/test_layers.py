"""What each instruction of the last stage adds, and what of it a command in the same RUN takes away again."""

from pathlib import Path

import pytest

from dockopt.context.folder import FolderContext
from dockopt.context.tree import MemoryContext
from dockopt.estimate.layers import image, layers
from dockopt.estimate.sizes import Range
from dockopt.model.dockerfile import Dockerfile

DEBIAN = "FROM debian:12\n"


def sizes(text: str, texts: dict[str, str] | None = None) -> list[Range]:
    context = MemoryContext(texts) if texts is not None else None
    return [layer.range for layer in layers(Dockerfile.parse(text), context)]


def expected(text: str, texts: dict[str, str] | None = None) -> int:
    """Of the last layer."""
    return sizes(text, texts)[-1].expected


def test_layers_say_where_they_stand_and_what_they_rest_on() -> None:
    found = layers(Dockerfile.parse("FROM debian:12\n\nRUN apt-get update \\\n && apt-get install -y curl\n"))
    assert [(layer.line, layer.instruction) for layer in found] == [
        (1, "FROM debian:12"),
        (3, "RUN apt-get update && apt-get install -y curl"),
    ]
    assert found[0].basis[0].startswith("size of debian:12 full")
    assert set(found[1].basis) == {
        "package lists of Debian bookworm, measured",
        "Debian package index of bookworm",
        "dpkg's own files in each RUN",
    }


def test_long_instructions_are_shortened() -> None:
    text = layers(Dockerfile.parse(f"FROM debian:12\nRUN echo {'x' * 100}\n"))[1].instruction
    assert len(text) == 60
    assert text.endswith("…")


def test_only_the_last_stage_counts_with_what_it_is_built_on() -> None:
    found = layers(
        Dockerfile.parse("FROM debian:12 AS a\nRUN apt-get update\nFROM node:20 AS b\nFROM a\nCOPY --from=b /x /x\n")
    )
    assert [layer.instruction for layer in found] == [
        "FROM debian:12 AS a",
        "RUN apt-get update",
        "COPY --from=b /x /x",
    ]


@pytest.mark.parametrize(
    "command",
    [
        "apt-get update && rm -rf /var/lib/apt/lists/*",
        "apt-get update && rm -r /var/lib/apt/lists",
        "apt-get update && apt-get dist-clean",
        "curl -o /tmp/x https://example.com/x && rm /tmp/x",
        "cd /tmp && wget https://example.com/x && rm x",
        "git clone https://example.com/a/b /src && rm -rf /src",
        "mkdir /x && useradd me && chmod 755 /x && echo done",
        "apt-get install -y tar bash",
        "true",
    ],
)
def test_what_a_run_removes_again_is_not_in_its_layer(command: str) -> None:
    assert sizes(f"{DEBIAN}RUN {command}\n")[-1] == (0, 0, 0)


def test_a_later_run_removes_nothing() -> None:
    found = sizes(f"{DEBIAN}RUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n")
    assert found[1].expected > 15_000_000
    assert found[2] == (0, 0, 0)


def test_lists_are_fetched_once() -> None:
    assert sizes(f"{DEBIAN}RUN apt-get update\nRUN apt-get update\n")[2] == (0, 0, 0)
    again = sizes(f"{DEBIAN}RUN apt-get update && rm -rf /var/lib/apt/lists/*\nRUN apt-get update\n")
    assert (again[1].expected, again[2].expected > 15_000_000) == (0, True)


def test_packages_are_unpacked_once_in_a_chain_of_stages() -> None:
    found = sizes("FROM debian:12 AS a\nRUN apt-get install -y gcc\nFROM a\nRUN apt-get install -y gcc cpp\n")
    assert found[1].expected > 150_000_000
    assert found[2] == (0, 0, 0)


def test_full_images_have_build_tools_already() -> None:
    assert expected("FROM python:3.12\nRUN apt-get install -y gcc git curl\n") == 0
    assert expected("FROM python:3.12-slim\nRUN apt-get install -y gcc git curl\n") > 200_000_000


def test_purging_what_the_same_run_installed() -> None:
    kept = expected(f"{DEBIAN}RUN apt-get install -y --no-install-recommends libpq5\n")
    both = expected(
        f"{DEBIAN}RUN apt-get install -y --no-install-recommends libpq5 gcc && apt-get purge -y --auto-remove gcc\n"
    )
    assert both == kept
    assert expected(f"{DEBIAN}RUN apt-get install -y gcc\nRUN apt-get purge -y --auto-remove gcc\n") == 0


def test_a_tag_that_may_be_of_two_releases_is_as_wide_as_both() -> None:
    """In Debian 12 gettext needs libicu72, which has 36 MB, and in Debian 13 it does not."""
    install = "RUN apt-get install -y --no-install-recommends gettext\n"
    either, newer, older = (
        sizes(f"FROM python:{tag}\n{install}")[-1] for tag in ("3.11-slim", "3.11-slim-trixie", "3.11-slim-bookworm")
    )
    assert (either.low, either.expected) == (newer.low, newer.expected)
    assert either.high == newer.high + older.expected - newer.expected
    gone = sizes(f"FROM python:3.11-slim\n{install[:-1]} && apt-get purge -y --auto-remove gettext\n")[-1]
    assert gone.high < 4_000_000


def test_archives_stay_only_where_the_image_keeps_them() -> None:
    plain = expected(f"{DEBIAN}RUN apt-get install -y git\n")
    keeping = f"{DEBIAN}RUN rm -f /etc/apt/apt.conf.d/docker-clean\n"
    assert expected(f"{keeping}RUN apt-get install -y git\n") > plain * 1.15
    assert expected(f"{keeping}RUN apt-get install -y git && apt-get clean\n") == plain


@pytest.mark.parametrize(
    "quiet",
    [
        "RUN pip install --no-cache-dir numpy",
        "ENV PIP_NO_CACHE_DIR=1\nRUN pip install numpy",
        "RUN --mount=type=cache,target=/root/.cache/pip pip install numpy",
        "RUN --mount=type=cache,target=/root/.cache pip install numpy",
        "RUN pip install numpy && rm -rf ~/.cache",
        "RUN pip install numpy && pip cache purge",
    ],
)
def test_pip_caches(quiet: str) -> None:
    with_cache = expected("FROM python:3.12-slim\nRUN pip install numpy\n")
    without = expected(f"FROM python:3.12-slim\n{quiet}\n")
    assert 60_000_000 < without < with_cache - 15_000_000


def test_requirements_are_read_from_the_context() -> None:
    text = "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n"
    assert 65_000_000 < expected(text, {"requirements.txt": "numpy==2.1\nsix\n"}) < 85_000_000
    low, _, high = sizes(text)[-1]
    assert high > 100 * low


def test_node_packages_are_counted_in_the_lock_file() -> None:
    lock = '{"packages": {"": {}, "node_modules/a": {}, "node_modules/b": {"dev": true}}}'
    text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci{}\n"
    files = {"package.json": "{}", "package-lock.json": lock}
    assert 0 < expected(text.format(" --omit=dev"), files) < expected(text.format(""), files)
    cleaned = expected(text.format(" && npm cache clean --force"), files)
    assert 0 < cleaned < expected(text.format(""), files)
    no_development = "FROM node:20\nWORKDIR /app\nENV NODE_ENV=production\nCOPY . .\nRUN npm ci\n"
    assert expected(no_development, files) == expected(text.format(" --omit=dev"), files)


def test_files_of_the_context_have_their_size() -> None:
    files = {"app.py": "x" * 1000, "data/a": "y" * 500, ".dockerignore": "data"}
    assert sizes("FROM scratch\nCOPY . /app\n", files)[-1] == (1004, 1004, 1004)
    assert sizes("FROM scratch\nCOPY app.py /app/\n", files)[-1] == (1000, 1000, 1000)


def test_chown_copies_what_earlier_layers_hold() -> None:
    files = {"app.py": "x" * 1000}
    found = sizes("FROM node:20\nCOPY . /app\nRUN chown -R node /app\n", files)
    assert found[2] == (1000, 1000, 1000)
    assert sizes("FROM node:20\nCOPY . /app\nRUN chown node /app\n", files)[2] == (0, 0, 0)


def test_text_in_the_file_has_its_own_size() -> None:
    assert sizes("FROM scratch\nCOPY <<EOF /x\nabc\nEOF\n")[-1] == (4, 4, 4)


def test_a_stage_gives_what_it_holds() -> None:
    built = "FROM python:3.12 AS b\nRUN python -m venv /venv && /venv/bin/pip install numpy\n"
    found = sizes(f"{built}FROM python:3.12-slim\nCOPY --from=b /venv /venv\n")[-1]
    assert 80_000_000 < found.expected < 95_000_000


def test_nothing_is_known_of_some_commands() -> None:
    (layer,) = layers(Dockerfile.parse("FROM debian:12\nRUN ./build.sh\n"))[1:]
    assert layer.high > 50 * layer.expected
    assert layer.basis == ("commands of which nothing is known",)
    assert sizes('FROM debian:12\nRUN ["./x"]\n')[-1].high > 100_000_000


def test_apk_and_its_index() -> None:
    plain = expected("FROM alpine:3.19\nRUN apk add --no-cache git\n")
    assert 1_500_000 < expected("FROM alpine:3.19\nRUN apk update && apk add git\n") - plain < 6_000_000
    virtual = "apk add --no-cache --virtual .build gcc musl-dev"
    assert expected(f"FROM alpine:3.19\nRUN {virtual} && apk del .build\n") == 0
    assert expected(f"FROM alpine:3.19\nRUN {virtual}\n") > 100_000_000


def test_files_without_a_stage_have_no_size() -> None:
    assert layers(Dockerfile.parse("# nothing\n")) == ()
    assert image(Dockerfile.parse("# nothing\n")).range == (0, 0, 0)


@pytest.mark.parametrize("environment", ['ENV PATH="/opt/venv/bin:$PATH"', "ENV VIRTUAL_ENV=/opt/venv", "ENV A=b"])
def test_packages_go_to_the_environment_that_is_active(environment: str) -> None:
    built = f"FROM python:3.12 AS b\n{environment}\nRUN pip install --no-cache-dir numpy\nFROM python:3.12-slim\n"
    found = sizes(f"{built}COPY --from=b /opt/venv /opt/venv\n")[-1]
    assert (found.low > 40_000_000) == ("venv" in environment)


def test_large_packages_of_a_lock_file_count_by_name() -> None:
    files = {"package-lock.json": '{"packages": {"node_modules/next": {}, "node_modules/x": {"os": ["darwin"]}}}'}
    assert sizes("FROM node:20\nCOPY . .\nRUN npm ci && npm cache clean --force\n", files)[-1].low > 70_000_000


@pytest.mark.parametrize(
    ("instruction", "low", "high"),
    [
        ("COPY --from=b /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/", 200_000, 250_000),
        ("COPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /bin/", 30_000_000, 50_000_000),
        ("COPY --from=composer:2 /usr/bin/composer /usr/bin/composer", 2_000_000, 4_000_000),
        ("COPY --from=nginx:1 /etc/nginx/nginx.conf /etc/nginx/", 1_000, 10_000),
        ("COPY --from=b / /everything", 900_000_000, 1_300_000_000),
    ],
)
def test_files_of_images(instruction: str, low: int, high: int) -> None:
    assert low < expected(f"FROM python:3.12 AS b\nRUN true\nFROM scratch\n{instruction}\n") < high


def test_a_folder_that_the_file_makes_is_empty() -> None:
    text = "FROM debian:12\nRUN mkdir -p /srv/logs\nWORKDIR /work\nRUN chown -R 1 /srv/logs /work\n"
    assert sizes(text)[-1] == (0, 0, 0)
    low, _, high = sizes(text.replace("WORKDIR /work\n", "RUN ./strange\n"))[-1]
    assert (low, high > 1_000_000) == (0, True)


@pytest.mark.parametrize(
    ("user", "folder"),
    [
        ("", "/root"),
        ("USER 0\n", "~"),
        ("USER app\n", "/home/app"),
        ("USER node:node\n", "$HOME"),
        ("USER 1001\n", "~"),
    ],
)
def test_caches_are_in_the_home_of_the_user(user: str, folder: str) -> None:
    cached = f"FROM python:3.12-slim\n{user}RUN pip install numpy"
    assert expected(f"{cached} && rm -rf {folder}/.cache\n") < expected(f"{cached}\n") - 10_000_000
    if user == "USER app\n":
        assert expected(f"{cached} && rm -rf /root/.cache\n") == expected(f"{cached}\n")


def test_output_that_goes_to_files() -> None:
    text = (
        "FROM debian:12\nRUN curl https://example.com/x > /x && echo done && ./report > /tmp/report && rm /tmp/report\n"
    )
    (piece,) = sizes(text)[1:]
    assert piece.expected > 1_000_000
    assert expected("FROM debian:12\nRUN echo one > /x && echo 'two words' >> /x 2> /dev/null\n") == 14


def test_what_is_unpacked_is_removed_with_its_folder() -> None:
    text = "FROM debian:12\nWORKDIR /tmp\nRUN curl -O https://e.com/x.tgz && tar xzf x.tgz && mv x /opt/x && rm x.tgz\n"
    kept = expected(text)
    assert kept > 10_000_000
    assert expected(text.replace("mv x /opt/x", "mv x /opt/x && rm -rf /tmp/*")) == kept
    assert expected(text.replace("mv x /opt/x", "rm -rf x")) == 0


def test_repository_of_the_context_counts(tmp_path: Path) -> None:
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_bytes(b"x" * 20)
    (tmp_path / ".git" / "objects" / "pack").write_bytes(b"x" * 5000)
    context = FolderContext(str(tmp_path))
    found = layers(Dockerfile.parse("FROM scratch\nCOPY . /app\n", context))[-1]
    assert (found.range, found.basis[0]) == ((5020, 5020, 5020), ".git in the build context")
