"""What JavaScript and Go sources run and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context import go_source, node_source
from dockopt.context.tree import MemoryContext


def node(text: str) -> node_source.NodeSource:
    return node_source.scan(MemoryContext({"a.js": text}))


@pytest.mark.parametrize(
    ("text", "commands", "dynamic"),
    [
        ("const { execSync } = require('child_process');\nexecSync('git rev-parse HEAD')", {"git"}, False),
        ("import { spawn } from 'node:child_process';\nspawn(\"ffmpeg\", [x])", {"ffmpeg"}, False),
        ("import cp from 'child_process';\ncp.execFile('convert', a, cb)", {"convert"}, False),
        ("require('child_process').exec(`ls | wc`)", {"ls", "wc"}, False),
        ("import {execa} from 'execa';\nawait execa('pandoc', [])", {"pandoc"}, False),
        ("const { exec } = require('child_process');\nexec(command)", set(), True),
        ("const { exec } = require('child_process');\nexec(`git ${x}`)", set(), True),
        ("const { exec } = require('child_process');\nexec('git ' + x)", set(), True),
        ("const { spawn: s } = require('child_process');\ns('x')", set(), True),
        ("import { $ } from 'zx';\nawait $`ls`", set(), True),
        ("const x = /a/.exec(b)", set(), False),
    ],
)
def test_node_programs(text: str, commands: set[str], dynamic: bool) -> None:
    found = node(text)
    assert found.commands == commands
    assert found.dynamic is dynamic


def test_node_files() -> None:
    context = MemoryContext(
        {
            "src/a.ts": "import x from '@a/b/c';\nimport './own';\nconst y = require('lodash/get');\nimport('node:fs')",
            "src/b.mjs": "child_process",
            "node_modules/x/index.js": "child_process",
            "src/types.d.ts": "child_process",
            "readme.md": "child_process",
        }
    )
    found = node_source.scan(context, "src")
    assert found.runs == ("src/b.mjs",)
    assert found.imports == {"@a/b", "lodash"}
    assert found.dynamic


GO = """\
package main

import (
\t"fmt"
\t"os/exec"
\tlog "x.example/log"
)
import "C"
import e "embed"

//go:embed templates/* static
var files e.FS

func main() {
\texec.Command("git", "status")
\texec.CommandContext(ctx, "ffmpeg", args...)
\tos.ReadFile("config.yml")
\ttemplate.ParseGlob("views/*.html")
}
"""


def test_go() -> None:
    context = MemoryContext(
        {
            "cmd/app/main.go": GO,
            "lib/lib_test.go": 'import "os/exec"',
            "vendor/x/x.go": 'package x\nimport "plugin"',
        }
    )
    assert go_source.scan(context) == go_source.GoSource(
        files=("cmd/app/main.go",),
        imports=frozenset({"fmt", "os/exec", "x.example/log", "C", "embed"}),
        mains=("cmd/app",),
        commands=frozenset({"git", "ffmpeg"}),
        dynamic=False,
        uses_c=True,
        uses_plugins=False,
        embeds=("cmd/app/templates/*", "cmd/app/static"),
        reads=frozenset({"config.yml", "views/*.html"}),
        dynamic_reads=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        'import "os/exec"\nexec.Command(name)',
        'import "os/exec"\nvar run = exec.Cmd{}',
        "syscall.Exec(a, b, c)",
    ],
)
def test_go_may_run_others(text: str) -> None:
    assert go_source.scan(MemoryContext({"a.go": text})).dynamic


def test_go_may_read_others() -> None:
    assert go_source.scan(MemoryContext({"a.go": "os.Open(name)"})).dynamic_reads
    assert go_source.scan(MemoryContext({"a.go": "http.FileServer(http.Dir(path))"})).dynamic_reads
    assert not go_source.scan(MemoryContext({"a.go": "fmt.Println()"})).dynamic_reads


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    node("child_process " + text)
    go_source.scan(MemoryContext({"a.go": text}))
