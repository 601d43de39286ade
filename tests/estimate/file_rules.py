"""What commands do to files that are there: small Dockerfiles with the bytes that real builds put in each layer.

`FILES` and `ARCHIVES` are the build context; `python -m pytest -m builds tests/estimate` builds every rule again.
"""

import io
import random
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

BASE = "FROM debian:12-slim\n"
FILES = {
    "app.py": 1_200,
    "start.sh": 300,
    "bin/tool": 3_000_000,
    "data/a.bin": 1_000_000,
    "data/b.bin": 500_000,
    "data/sub/c.txt": 20_000,
    "ignored/x.bin": 900_000,
    "web/index.html": 5_000,
    "web/logo.png": 40_000,
}
PACKED = {"site/page.html": 2_000_000, "site/pictures/one.png": 300_000, "readme.txt": 500}
ARCHIVES = {"site.tar": "w", "site.tar.gz": "w:gz", "site.tgz": "w:gz", "site.tar.xz": "w:xz", "site.tar.bz2": "w:bz2"}
IGNORE = "ignored\n*.tar*\n*.tgz\n*.zip\n!site.*\n.dockerignore\nDockerfile\n"


class Rule(NamedTuple):
    """`text` follows `BASE`; `measured` are the bytes that `docker history` shows for its instructions."""

    name: str
    text: str
    measured: tuple[int, ...]

    @property
    def dockerfile(self) -> str:
        return f"{self.text}\n" if self.text.startswith("FROM") else f"{BASE}{self.text}\n"


def write_context(folder: Path) -> None:
    """The files of the context, the same bytes every time."""
    for path, size in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content(path, size))
    for name, mode in ARCHIVES.items():
        with tarfile.open(folder / name, mode) as archive:  # type: ignore[call-overload]
            for path, size in PACKED.items():
                entry = tarfile.TarInfo(path)
                entry.size = size
                archive.addfile(entry, io.BytesIO(content(path, size)))
    with zipfile.ZipFile(folder / "site.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, size in PACKED.items():
            zipped.writestr(zipfile.ZipInfo(path), content(path, size), zipfile.ZIP_DEFLATED)
    (folder / "link").symlink_to("app.py")
    (folder / ".dockerignore").write_text(IGNORE)


def content(path: str, size: int) -> bytes:
    """Noise, or for pages the same line again and again."""
    if path.endswith((".html", ".txt", ".py", ".sh")):
        return (b"#!/bin/sh\n# a line\n" * (size // 10))[:size]
    return random.Random(path).randbytes(size)  # noqa: S311 - nobody is kept out by it


RULES = (
    Rule("copy folder", "COPY data /data/", (1520000,)),
    Rule("copy everything", "COPY . /app", (8393302,)),
    Rule("copy link", "COPY link /x/", (1200,)),
    Rule("copy in folder with links", "COPY web app.py link /y/", (47400,)),
    Rule("copy glob", "COPY data/*.bin /d/", (1500000,)),
    Rule("copy with owner and mode", "COPY --chown=1000:1000 --chmod=755 data /data/", (1520000,)),
    Rule("copy with exclude", "COPY --exclude=sub --exclude=*.png data web /data/", (1505000,)),
    Rule("copy exclude deep", "COPY --exclude=**/c.txt . /data/", (8373302,)),
    Rule("copy link flag", "COPY --link data /data/", (1520000,)),
    Rule("copy same file twice", "COPY app.py /app/\nCOPY . /app/", (1200, 8393302)),
    Rule("copy archive stays packed", "COPY site.tar.gz /x/", (306396,)),
    Rule("add tar", "ADD site.tar /x/", (2300500,)),
    Rule("add tar gz", "ADD site.tar.gz /x/", (2300500,)),
    Rule("add tgz", "ADD site.tgz /x/", (2300500,)),
    Rule("add tar xz", "ADD site.tar.xz /x/", (2300500,)),
    Rule("add tar bz2", "ADD site.tar.bz2 /x/", (2300500,)),
    Rule("add zip stays packed", "ADD site.zip /x/", (305345,)),
    Rule("add folder with archives", "ADD . /x/", (8393302,)),
    Rule("add glob of archives", "ADD site.tar.* /x/", (2300500,)),
    Rule("add file", "ADD app.py /x/", (1200,)),
    Rule("here-document", "COPY <<EOT /x\nabc\nEOT", (4,)),
    Rule("several here-documents", "COPY <<A <<B /x/\nabc\nA\nde\nB", (7,)),
    Rule("here-document and file", "COPY <<A app.py /x/\nabc\nA", (1204,)),
    Rule("chown again", "COPY data /data/\nRUN chown -R 1000:1000 /data", (1520000, 1520000)),
    Rule("chown same owner", "COPY data /data/\nRUN chown -R root:root /data", (1520000, 1520000)),
    Rule(
        "chown with copy owner same",
        "COPY --chown=1000:1000 data /data/\nRUN chown -R 1000:1000 /data",
        (1520000, 1520000),
    ),
    Rule("chown subfolder", "COPY data /data/\nRUN chown -R 1000 /data/sub", (1520000, 20000)),
    Rule("chown one file", "COPY data /data/\nRUN chown 1000 /data/a.bin", (1520000, 1000000)),
    Rule("chown folder only", "COPY data /data/\nRUN chown 1000 /data", (1520000, 0)),
    Rule("chown glob", "COPY data /data/\nRUN chown 1000 /data/*", (1520000, 1500000)),
    Rule("chown from", "COPY data /data/\nRUN chown -R --from=root 1000 /data", (1520000, 1520000)),
    Rule("chown twice", "COPY data /data/\nRUN chown -R 1000 /data && chown -R 1001 /data", (1520000, 1520000)),
    Rule("chown relative", "WORKDIR /srv\nCOPY data data\nRUN chown -R 1000 .", (0, 1520000, 1520000)),
    Rule("chgrp again", "COPY data /data/\nRUN chgrp -R 1000 /data", (1520000, 1520000)),
    Rule("chmod again", "COPY data /data/\nRUN chmod -R 700 /data", (1520000, 1520000)),
    Rule("chmod same mode", "COPY --chmod=755 data /data/\nRUN chmod -R 755 /data", (1520000, 1520000)),
    Rule("chmod glob", "COPY start.sh app.py /app/\nRUN chmod +x /app/*.sh", (1500, 300)),
    Rule("chmod one", "COPY start.sh app.py /app/\nRUN chmod +x /app/start.sh", (1500, 300)),
    Rule("chmod in the same run", "COPY app.py /app/\nRUN mkdir /n && chmod -R 777 /n", (1200, 0)),
    Rule("chown of a made file", "RUN dd if=/dev/zero of=/big bs=1M count=3 && chown 1000 /big", (3145728,)),
    Rule("move folder", "COPY data /data/\nRUN mv /data /other", (1520000, 1520000)),
    Rule("move file", "COPY data /data/\nRUN mv /data/a.bin /other", (1520000, 1000000)),
    Rule("move several", "COPY data /data/\nRUN mkdir /other && mv /data/a.bin /data/sub /other/", (1520000, 1020000)),
    Rule("move glob", "COPY data /data/\nRUN mkdir /other && mv /data/* /other/", (1520000, 1520000)),
    Rule("move to name", "COPY data /data/\nRUN mv /data/a.bin /data/z.bin", (1520000, 1000000)),
    Rule("move then remove", "COPY data /data/\nRUN mv /data /other && rm -rf /other", (1520000, 0)),
    Rule("move twice", "COPY data /data/\nRUN mv /data /other && mv /other /third", (1520000, 1520000)),
    Rule("copy in image", "COPY data /data/\nRUN cp -r /data /other", (1520000, 1520000)),
    Rule("copy in image file", "COPY data /data/\nRUN cp /data/a.bin /other", (1520000, 1000000)),
    Rule("copy in image archive option", "COPY data /data/\nRUN cp -a /data/. /other", (1520000, 1520000)),
    Rule("copy in image to folder", "COPY data /data/\nRUN mkdir /other && cp -r /data /other", (1520000, 1520000)),
    Rule("copy in image glob", "COPY data /data/\nRUN mkdir /other && cp /data/*.bin /other/", (1520000, 1500000)),
    Rule("copy in image and remove", "COPY data /data/\nRUN cp -r /data /other && rm -rf /other", (1520000, 0)),
    Rule("install file", "COPY bin /src/\nRUN install -m 755 /src/tool /usr/local/bin/", (3000000, 3000000)),
    Rule("install to name", "COPY bin /src/\nRUN install -m 755 /src/tool /usr/local/bin/t", (3000000, 3000000)),
    Rule("symbolic link", "COPY data /data/\nRUN ln -s /data /other", (1520000, 0)),
    Rule("hard link", "COPY data /data/\nRUN ln /data/a.bin /other", (1520000, 1000000)),
    Rule("touch file", "COPY data /data/\nRUN touch /data/a.bin", (1520000, 1000000)),
    Rule("append", "COPY data /data/\nRUN echo hello >> /data/sub/c.txt", (1520000, 20006)),
    Rule("edit in place", "COPY data /data/\nRUN sed -i s/line/LINE/ /data/sub/c.txt", (1520000, 20000)),
    Rule("write", "COPY data /data/\nRUN echo hello > /data/sub/c.txt", (1520000, 6)),
    Rule("write text", "RUN printf 'abc\\n' > /x", (4,)),
    Rule("write echo", 'RUN echo "hello world" > /x', (12,)),
    Rule("write several", "RUN echo abc > /x && echo defg >> /x", (9,)),
    Rule("write heredoc", "RUN cat > /x <<E\nhello\nyou\nE", (10,)),
    Rule("remove later", "COPY data /data/\nRUN rm -rf /data", (1520000, 0)),
    Rule("remove part later", "COPY data /data/\nRUN rm /data/a.bin", (1520000, 0)),
    Rule("remove then chown", "COPY data /data/\nRUN rm /data/a.bin\nRUN chown -R 1000 /data", (1520000, 0, 520000)),
    Rule(
        "remove with glob then chown",
        "COPY data /data/\nRUN rm /data/*.bin\nRUN chown -R 1000 /data",
        (1520000, 0, 20000),
    ),
    Rule(
        "find delete then chown",
        "COPY data /data/\nRUN find /data -name '*.bin' -delete\nRUN chown -R 1000 /data",
        (1520000, 0, 20000),
    ),
    Rule("remove and copy again", "COPY data /data/\nRUN rm -rf /data\nCOPY data /data/", (1520000, 0, 1520000)),
    Rule("made and removed", "RUN dd if=/dev/zero of=/big bs=1M count=3 && rm /big", (0,)),
    Rule("made", "RUN dd if=/dev/zero of=/big bs=1M count=3", (3145728,)),
    Rule("made fallocate", "RUN fallocate -l 3M /big", (3145728,)),
    Rule("made truncate", "RUN truncate -s 3M /big", (3145728,)),
    Rule("unpack tar", "COPY site.tar.gz /tmp/\nRUN tar xzf /tmp/site.tar.gz -C /opt", (306396, 2300500)),
    Rule(
        "unpack strip",
        "COPY site.tar.gz /tmp/\nRUN mkdir /opt/x && tar -xzf /tmp/site.tar.gz --strip-components=1 -C /opt/x",
        (306396, 2300000),
    ),
    Rule("unpack bind", "RUN --mount=type=bind,source=site.tar.gz,target=/s.tgz tar xzf /s.tgz -C /opt", (2300500,)),
    Rule("bind copy", "RUN --mount=type=bind,source=data,target=/mnt cp -r /mnt /data", (1520000,)),
    Rule("bind context copy", "RUN --mount=type=bind,target=/mnt cp -r /mnt/data /data", (1520000,)),
    Rule(
        "bind stage copy",
        (
            "FROM debian:12-slim AS b\nCOPY data /d/\nFROM debian:12-slim\n"
            "RUN --mount=type=bind,from=b,source=/d,target=/mnt cp -r /mnt /data"
        ),
        (1520000,),
    ),
    Rule("cache mount", "COPY data /data/\nRUN --mount=type=cache,target=/c cp -r /data /c/", (1520000, 0)),
    Rule("tmpfs mount", "COPY data /data/\nRUN --mount=type=tmpfs,target=/c cp -r /data /c/", (1520000, 0)),
    Rule(
        "from stage", "FROM debian:12-slim AS b\nCOPY data /d/\nFROM debian:12-slim\nCOPY --from=b /d /e/", (1520000,)
    ),
    Rule(
        "from stage part",
        "FROM debian:12-slim AS b\nCOPY . /d/\nFROM debian:12-slim\nCOPY --from=b /d/data/sub /e/",
        (20000,),
    ),
    Rule(
        "from stage file",
        "FROM debian:12-slim AS b\nCOPY . /d/\nFROM debian:12-slim\nCOPY --from=b /d/bin/tool /e",
        (3000000,),
    ),
    Rule(
        "from stage made",
        (
            "FROM debian:12-slim AS b\nRUN dd if=/dev/zero of=/big bs=1M count=3\nFROM debian:12-slim\n"
            "COPY --from=b /big /big"
        ),
        (3145728,),
    ),
    Rule(
        "from stage moved",
        "FROM debian:12-slim AS b\nCOPY data /d/\nRUN mv /d /e\nFROM debian:12-slim\nCOPY --from=b /e /e",
        (1520000,),
    ),
    Rule(
        "from stage unpacked",
        "FROM debian:12-slim AS b\nADD site.tar.gz /d/\nFROM debian:12-slim\nCOPY --from=b /d/site /site",
        (2300000,),
    ),
    Rule(
        "from stage glob",
        "FROM debian:12-slim AS b\nCOPY data /d/\nFROM debian:12-slim\nCOPY --from=b /d/*.bin /e/",
        (1500000,),
    ),
    Rule(
        "from stage several",
        "FROM debian:12-slim AS b\nCOPY . /d/\nFROM debian:12-slim\nCOPY --from=b /d/data /d/web /e/",
        (1565000,),
    ),
    Rule(
        "from stage exclude",
        "FROM debian:12-slim AS b\nCOPY data /d/\nFROM debian:12-slim\nCOPY --from=b --exclude=*.bin /d /e/",
        (20000,),
    ),
    Rule("workdir", "WORKDIR /a/b/c", (0,)),
    Rule("mkdir", "RUN mkdir -p /a/b && chown 1000 /a/b", (0,)),
    Rule("rename over", "COPY data /data/\nRUN mv /data/sub/c.txt /data/b.bin", (1520000, 20000)),
    Rule(
        "unpack relative", "WORKDIR /opt\nCOPY site.tar .\nRUN tar -xf site.tar && rm site.tar", (0, 2304000, 2300500)
    ),
    Rule(
        "unpack in one run",
        (
            "RUN --mount=type=bind,source=.,target=/m cp /m/site.tar.gz /tmp/ && tar xzf "
            "/tmp/site.tar.gz -C /opt && rm /tmp/site.tar.gz"
        ),
        (2300500,),
    ),
    Rule(
        "shared folders copied up",
        "COPY data /data/\nRUN chown -R 1000 /data/sub\nRUN chown -R 1001 /data",
        (1520000, 20000, 1520000),
    ),
)
WITHIN = (
    Rule("write tee", "RUN echo hello | tee /x", (6,)),
    Rule("made head", "RUN head -c 30000 /dev/urandom > /big", (30000,)),
    Rule("apt over copied", "COPY data /usr/local/data/\nRUN chown -R 1000 /usr/local", (1520000, 1742603)),
    Rule("gzip in place", "COPY data /data/\nRUN gzip /data/sub/c.txt", (1520000, 112)),
)
"""Rules that are known in part: the figure lies in the range."""
