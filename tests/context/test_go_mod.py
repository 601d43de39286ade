"""What `go.mod` and its neighbours say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.manifests.go_mod import GoModule, Replace, Require, read
from dockopt.context.tree import MemoryContext

TEXT = """\
module "x.example/app" // the app

go 1.22
toolchain go1.22.3

require x.example/one v1.0.0
require (
\tx.example/two v0.1.0 // indirect

\tx.example/three/v2 v2.0.0+incompatible
)
replace x.example/one v1.0.0 => ../one
replace (
    x.example/two => x.example/fork v0.2.0
    x.example/three/v2 => ./three
)
exclude x.example/bad v1.0.0
retract [v1.0.0, v1.1.0]
tool x.example/one/cmd
"""


def test_a_module() -> None:
    names = (
        "app/go.sum",
        "one/go.mod",
        "app/three/go.mod",
        "app/three/go.sum",
        "app/vendor/modules.txt",
        "go.work.sum",
    )
    work = "go 1.22\nuse (\n\t./app\n\t./one\n)\n"
    context = MemoryContext({"app/go.mod": TEXT, "go.work": work, **dict.fromkeys(names, "")})
    found = read(context, "app")
    assert found == GoModule(
        folder="app",
        module="x.example/app",
        go="1.22",
        toolchain="go1.22.3",
        requires=(
            Require("x.example/one", "v1.0.0"),
            Require("x.example/two", "v0.1.0", indirect=True),
            Require("x.example/three/v2", "v2.0.0+incompatible"),
        ),
        replaces=(
            Replace("x.example/one", "../one"),
            Replace("x.example/two", "x.example/fork", "v0.2.0"),
            Replace("x.example/three/v2", "./three"),
        ),
        tools=("x.example/one/cmd",),
        has_vendor=True,
        sum="app/go.sum",
        work="go.work",
        uses=("app", "one"),
        reads=(
            "go.work",
            "go.work.sum",
            "app/go.mod",
            "app/go.sum",
            "one/go.mod",
            "app/three/go.mod",
            "app/three/go.sum",
        ),
        problems=(),
    )
    assert found.local == ("../one", "./three")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("go 1.22\n", "go.mod: names no module"),
        ("module a\nrequire b\n", "go.mod:2: cannot be read: require b"),
        ("module a\nwhatever b\n", "go.mod:2: cannot be read: whatever b"),
        ("module a\nreplace b => c\n", "go.mod:2: cannot be read: replace b => c"),
        ("module a\nreplace b => ../c\n", "go.mod: ../c is outside the build context"),
        ("module a\nreplace b => ./c\n", "go.mod: c/go.mod is not in the build context"),
        ("module a /* b */\n", "go.mod: block comments and raw strings are not read"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert read(MemoryContext({"go.mod": text})).problems == (problem,)


def test_absent() -> None:
    assert read(MemoryContext({})).problems == ("go.mod is not in the build context or cannot be read",)


@given(st.text(alphabet='module requirplacgo()=>./\n\t"x v1'))
def test_any_text_is_read(text: str) -> None:
    read(MemoryContext({"go.mod": text, "go.work": text}))
