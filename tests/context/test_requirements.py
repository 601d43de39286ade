"""Requirements files as pip reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.manifests.requirement import Local, Repository, Requirement, parse_editable, parse_requirement
from dockopt.context.manifests.requirements import Option, logical_lines, read
from dockopt.context.tree import MemoryContext

LINUX = 'sys_platform == "linux"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flask", Requirement("flask")),
        ("Flask_Login == 0.6", Requirement("flask-login", specifier="==0.6")),
        ("django>=3 , <5", Requirement("django", specifier=">=3,<5")),
        ("x (>=1.0)", Requirement("x", specifier=">=1.0")),
        ("uvicorn[standard]", Requirement("uvicorn", ("standard",))),
        ("requests[Socks, security]>=2", Requirement("requests", ("security", "socks"), ">=2")),
        (f"a>1;{LINUX}", Requirement("a", specifier=">1", marker=LINUX)),
        ("a @ https://x.example/a-1.zip", Requirement("a", url="https://x.example/a-1.zip")),
        (
            f"a@https://x.example/a;b.zip ; {LINUX}",
            Requirement("a", url="https://x.example/a;b.zip", marker=LINUX),
        ),
        (
            "https://x.example/A_b-1-py3-any.whl",
            Requirement("a-b", url="https://x.example/A_b-1-py3-any.whl"),
        ),
        ("https://x.example/a.zip#egg=b", Requirement("b", url="https://x.example/a.zip#egg=b")),
        ("https://x.example/a.zip", Requirement("", url="https://x.example/a.zip")),
        ("git+https://x.example/a.git@v1#egg=a", Repository("git+https://x.example/a.git@v1#egg=a", "a")),
        ("a @ git+https://x.example/a", Repository("git+https://x.example/a", "a")),
        (".", Local(".")),
        (".[dev]", Local(".", extras=("dev",))),
        ("./x/y", Local("./x/y")),
        ("x/y-1.0.tar.gz", Local("x/y-1.0.tar.gz")),
        ("y-1.0-py3-none-any.whl", Local("y-1.0-py3-none-any.whl")),
        ("file:x", Local("x")),
        ("file:///srv/x", Local("/srv/x")),
        ("a @ file:///srv/x", Local("/srv/x")),
        ("flask=1", None),
        ("flask >", None),
        ("a b", None),
        ("a[", None),
        ("==1", None),
        ("a ; whatever", None),
        ('"a"', None),
        ("", None),
    ],
)
def test_one_requirement(text: str, expected: Requirement | Local | Repository | None) -> None:
    assert parse_requirement(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".", Local(".", editable=True)),
        ("./a[b,c]", Local("./a", editable=True, extras=("b", "c"))),
        ("file:a", Local("a", editable=True)),
        ("git+https://x.example/a#egg=a", Repository("git+https://x.example/a#egg=a", "a", editable=True)),
        ("git://x.example/a#egg=a", Repository("git+git://x.example/a#egg=a", "a", editable=True)),
        ("git+https://x.example/a", None),
        ("https://x.example/a.zip", None),
    ],
)
def test_one_editable(text: str, expected: Local | Repository | None) -> None:
    assert parse_editable(text) == expected


def test_lines() -> None:
    text = "\ufeffa\\\n  b\n\n# c\nd # e\nf#g\nh \\\n# i\nj\\"
    assert list(logical_lines(text)) == [(1, "a  b"), (5, "d"), (6, "f#g"), (7, "h"), (9, "j")]


def test_a_chain_of_files() -> None:
    context = MemoryContext(
        {
            "requirements/prod.txt": "-r base.txt\n-c ../constraints.txt\ngunicorn==20.1\n",
            "requirements/base.txt": "--requirement=more/extra.txt\nflask\n-e .\n",
            "requirements/more/extra.txt": "six\ngit+https://x.example/y#egg=y\n",
            "constraints.txt": "six<2\n",
        }
    )
    found = read(context, "requirements/prod.txt")
    assert found.files == (
        "requirements/prod.txt",
        "requirements/base.txt",
        "requirements/more/extra.txt",
        "constraints.txt",
    )
    assert found.requirements == (
        Requirement("six", file="requirements/more/extra.txt", line=1),
        Requirement("flask", file="requirements/base.txt", line=2),
        Requirement("gunicorn", specifier="==20.1", file="requirements/prod.txt", line=3),
    )
    assert found.constraints == (Requirement("six", specifier="<2", file="constraints.txt", line=1),)
    assert found.local == (Local(".", editable=True, file="requirements/base.txt", line=3),)
    assert found.vcs == (Repository("git+https://x.example/y#egg=y", "y", file="requirements/more/extra.txt", line=2),)
    assert found.names == {"six", "flask", "gunicorn"}
    assert found.problems == ()


def test_options() -> None:
    context = MemoryContext(
        {
            "r.txt": "-i https://x.example/simple\n--extra-index-url=https://y.example/s\n-f wheels\n"
            "--no-binary :all:\n"
            "--pre --no-index\na==1 --hash=sha256:00 \\\n  --hash=sha256:11\n--find-links 'https://z.example/ a'\n",
            "wheels/a.whl": "",
        }
    )
    found = read(context, "r.txt")
    assert found.options == (
        Option("--index-url", "https://x.example/simple", "r.txt", 1),
        Option("--extra-index-url", "https://y.example/s", "r.txt", 2),
        Option("--find-links", "wheels", "r.txt", 3),
        Option("--no-binary", ":all:", "r.txt", 4),
        Option("--pre", "", "r.txt", 5),
        Option("--no-index", "", "r.txt", 5),
        Option("--find-links", "https://z.example/ a", "r.txt", 8),
    )
    assert found.links == ("wheels", "https://z.example/ a")
    assert found.requirements == (Requirement("a", specifier="==1", hashed=True, file="r.txt", line=6),)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-r absent.txt", "r.txt:1: absent.txt is not in the build context or cannot be read"),
        ("-r ../up.txt", "r.txt:1: ../up.txt is outside the build context"),
        ("-r /srv/x.txt", "r.txt:1: /srv/x.txt is outside the build context"),
        ("-c https://x.example/c.txt", "r.txt:1: https://x.example/c.txt is outside the build context"),
        ("-r r.txt", "r.txt:1: r.txt includes itself"),
        ("a==${VERSION}", "r.txt:1: depends on an environment variable"),
        ("a=1", "r.txt:1: not a requirement: a=1"),
        ("--what", "r.txt:1: options that cannot be read: --what"),
        ("-r", "r.txt:1: options that cannot be read: -r"),
        ("-f 'x", "r.txt:1: options that cannot be read: -f 'x"),
        ("a -r b.txt", "r.txt:1: pip takes no such option beside a requirement: a -r b.txt"),
        ("-e . --pre", "r.txt:1: pip reads only one of several options here"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert read(MemoryContext({"r.txt": text}), "r.txt").problems == (problem,)


def test_absent() -> None:
    found = read(MemoryContext({}), "r.txt")
    assert found.files == ()
    assert found.problems == ("r.txt is not in the build context or cannot be read",)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read(MemoryContext({"r.txt": text}), "r.txt")
    lines = list(logical_lines(text))
    things = (found.requirements, found.local, found.vcs, found.options, found.problems)
    assert not lines or any(things)
