"""What logs say is missing, told in the same words whenever the same is missing."""

import pytest

from dockopt.build.symptoms import symptoms


@pytest.mark.parametrize(
    ("log", "found"),
    [
        (
            "ImportError: libpq.so.5: cannot open shared object file: No such file or directory",
            "libpq.so.5: cannot open shared object file",
        ),
        ("ModuleNotFoundError: No module named 'flask'", "No module named flask"),
        ("Error: Cannot find module 'express'", "Cannot find module express"),
        ("/app/start.sh: 3: jq: not found", "jq: not found"),
        ("start.sh: line 4: jq: command not found", "jq: not found"),
        ('exec: "gunicorn": executable file not found in $PATH', "gunicorn: not found"),
        ("env: 'node': No such file or directory", "node: no such file or directory"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/opt/venv/lib/words.txt'",
            "words.txt: no such file or directory",
        ),
        ("open /app/config.yaml: no such file or directory", "config.yaml: no such file or directory"),
        ("Error: ENOENT: no such file or directory, open '/app/a/b.txt'", "b.txt: no such file or directory"),
        ("cannot create /tmp/tmp8431: Permission denied", "tmp#: permission denied"),
        ("./app: /lib/libc.so.6: version `GLIBC_2.34' not found (required by ./app)", "version GLIBC_2.34 not found"),
    ],
)
def test_what_is_missing(log: str, found: str) -> None:
    assert symptoms(f"2026-11-22 10:00:00 starting\n{log}\nthe end\n") == {found}


@pytest.mark.parametrize(
    "log",
    [
        "",
        "could not connect to server: Connection refused",
        '10.0.0.1 "GET /favicon.ico" 404 Not Found',
        "listening on port 8000",
    ],
)
def test_other_lines(log: str) -> None:
    assert symptoms(log) == frozenset()
