"""Reading within limits, and replacing a file whole or not at all."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from dockopt.batch import files
from dockopt.errors import InputError


def test_bytes_come_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"FROM a\r\n\xff\x00")
    assert files.read("Dockerfile", str(path)) == b"FROM a\r\n\xff\x00"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    large, pipe = tmp_path / "large", tmp_path / "pipe"
    large.write_bytes(b"#" * (files.SIZE_LIMIT + 1))
    os.mkfifo(pipe)
    assert refusal(lambda: files.read("D", str(tmp_path))) == "D: a folder, not a file"
    assert refusal(lambda: files.read("D", str(large))) == "D: larger than 2 MB, which no Dockerfile is"
    assert refusal(lambda: files.read("D", str(pipe))) == "D: not a regular file; use - to read standard input"
    assert refusal(lambda: files.read("D", str(tmp_path / "none"))) == "D: cannot be read: no such file or directory"
    assert refusal(lambda: files.read("D", str(Path("nul\0")))) == "D: cannot be read: embedded null byte"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664, 0o4755])
def test_mode_bits_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")
    path.chmod(mode)
    files.replace("Dockerfile", str(path), b"old", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"theirs")
    assert (
        refusal(lambda: files.replace("Dockerfile", str(path), b"old", b"new"))
        == "Dockerfile: changed while dockopt was at work; not written, run again"
    )
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_failure_leaves_the_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    assert (
        refusal(lambda: files.replace("Dockerfile", str(path), b"old", b"new"))
        == "Dockerfile: cannot be written: no space left on device"
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_the_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.replace("Dockerfile", str(path), b"old", b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_read_only_files_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")
    path.chmod(0o444)
    assert (
        refusal(lambda: files.replace("Dockerfile", str(path), b"old", b"new")) == "Dockerfile: read-only; not written"
    )
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    try:
        assert (
            refusal(lambda: files.replace("Dockerfile", str(path), b"old", b"new"))
            == "Dockerfile: its folder is read-only; not written"
        )
    finally:
        tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"


def test_new_files(tmp_path: Path) -> None:
    path = tmp_path / "new"
    previous = os.umask(0o027)
    try:
        files.write_new(str(path), b"one")
    finally:
        os.umask(previous)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"one", 0o640)
    files.write_new(str(path), b"two")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o640)
    files.write_new(os.devnull, b"gone")
    assert refusal(lambda: files.write_new(str(tmp_path), b"x")).endswith(": cannot be written: it is a folder")
    assert refusal(lambda: files.write_new(str(tmp_path / "no" / "new"), b"x")).endswith(
        ": cannot be written: no such file or directory"
    )


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")
    os.chown(path, 1234, 4321)
    path.chmod(0o2664)
    files.replace("Dockerfile", str(path), b"old", b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o2664)
