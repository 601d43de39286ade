"""What Python sources run, load and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.python_source import PythonSource, scan
from dockopt.context.setup_source import SetupReads, setup_py_reads
from dockopt.context.shell_text import programs
from dockopt.context.tree import MemoryContext


def scanned(text: str) -> PythonSource:
    return scan(MemoryContext({"a.py": text}), "a.py")


def test_imports() -> None:
    text = (
        "import os, json as j\nfrom flask.views import View\nfrom . import x\n"
        "if a:\n    import yaml; import toml\n# import no\nif b: from lxml import etree\nimport re, \\\n  csv\n"
    )
    assert scanned(text).imports == {"os", "json", "flask", "", "yaml", "toml", "lxml", "re", "csv"}


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("import subprocess\nsubprocess.run(['git', 'status'])", {"git"}),
        ("import subprocess as sp\nsp.check_output(('/usr/bin/convert', x))", {"/usr/bin/convert"}),
        ("from subprocess import Popen as P\nP(args=['ffmpeg', *rest])", {"ffmpeg"}),
        ("import subprocess\nsubprocess.call('ls -l | wc', shell=True)", {"ls", "wc"}),
        ("import subprocess\nsubprocess.call('ls')", {"ls"}),
        ("import subprocess\nsubprocess.call(['ls'] + files, shell=False)", {"ls"}),
        ("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'x'])", {"python"}),
        ("import subprocess, shlex\nsubprocess.run(shlex.split('pdftotext -x y'))", {"pdftotext"}),
        ("import subprocess\nsubprocess.run('git log'.split())", {"git"}),
        ("import os\nos.system('cd /x && A=1 make all; touch y')", {"make", "touch"}),
        ("from os import popen\npopen('uptime')", {"uptime"}),
        ("import os\nos.execvp('gunicorn', args)", {"gunicorn"}),
        ("import os\nos.spawnlp(os.P_WAIT, 'cp', 'cp', 'a')", {"cp"}),
        ("from shutil import which\nif which('dot'): pass", {"dot"}),
        (
            "import asyncio\nasync def f():\n    await asyncio.create_subprocess_exec('wkhtmltopdf', *a)",
            {"wkhtmltopdf"},
        ),
        ("import platform\nplatform.system()", set()),
        ("'''subprocess.run(x)'''", set()),
        ("import subprocess\ntry:\n    pass\nexcept subprocess.CalledProcessError:\n    pass", set()),
        ("x.run(y)", set()),
    ],
)
def test_programs(text: str, commands: set[str]) -> None:
    found = scanned(text)
    assert found.commands == commands
    assert not found.dynamic_commands


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("import subprocess\nsubprocess.run(command)", set()),
        ("import subprocess\nsubprocess.run([name, 'x'])", set()),
        ("import subprocess\nsubprocess.run(*a)", set()),
        ("import subprocess\nsubprocess.run(f'{x} y', shell=True)", set()),
        ("import subprocess\nsubprocess.run(['bash', '-c', 'tar xf y'])", {"bash", "tar"}),
        ("import subprocess\nsubprocess.run(['ls'], executable=x)", {"ls"}),
        ("import os\nos.system(f'ffmpeg -i {name}')", {"ffmpeg"}),
        ("import os\nos.system('convert %s' % name)", {"convert"}),
        ("import os\nos.system('a $(b)')", {"a"}),
        ("import subprocess\nfrom functools import partial\nf = partial(subprocess.run, ['x'])", set()),
        ("import os\ngetattr(os, 'system')('x')", set()),
        ("from subprocess import *\nrun(['x'])", set()),
        ("loop.subprocess_exec(x)", set()),
        ("helper.Popen(x)  # subprocess", set()),
        ("import sh\nsh.git('x')", set()),
        ("def f(:\n  subprocess", set()),
    ],
)
def test_there_may_be_others(text: str, commands: set[str]) -> None:
    found = scanned(text)
    assert found.commands == commands
    assert found.dynamic_commands


@pytest.mark.parametrize(
    ("text", "libraries", "dynamic"),
    [
        ("import ctypes\nctypes.CDLL('libfoo.so.1')", {"libfoo.so.1"}, False),
        ("from ctypes import cdll\ncdll.LoadLibrary('libc.so.6')", {"libc.so.6"}, False),
        (
            "from ctypes.util import find_library\nfrom ctypes import CDLL\nCDLL(find_library('magic'))",
            {"magic"},
            False,
        ),
        ("import ctypes\nctypes.CDLL(None)", set(), False),
        ("import ctypes\nctypes.CDLL(name)", set(), True),
        ("ffi.dlopen('libx.so')", {"libx.so"}, False),
    ],
)
def test_libraries(text: str, libraries: set[str], dynamic: bool) -> None:
    found = scanned(text)
    assert found.libraries == libraries
    assert found.dynamic_libraries is dynamic


def test_files_and_dynamic_imports() -> None:
    found = scanned("open('a.txt')\nPath(\"b\")\nopen(f'{x}')\nimportlib.import_module(x)\n")
    assert found.opens == {"a.txt", "b"}
    assert found.dynamic_imports


def test_absent() -> None:
    found = scan(MemoryContext({}), "a.py")
    assert found.problems == ("a.py is not in the build context or cannot be read",)
    assert found.dynamic_commands


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    scanned("subprocess\n" + text)
    programs(text)
    setup_py_reads(MemoryContext({"setup.py": "open\n" + text}))


SETUP = """
import os, re
from pathlib import Path
from setuptools import setup, find_packages
from app import version

here = os.path.abspath(os.path.dirname(__file__))
HERE = Path(__file__).parent

def read(*parts):
    with open(os.path.join(here, *parts)) as file:
        return file.read()

setup(
    name="app",
    long_description=read("README.md") + read("docs", "more.rst"),
    version=open("VERSION").read(),
    install_requires=(HERE / "requirements.txt").read_text().splitlines(),
)
"""


def test_setup_reads() -> None:
    files = ("app/__init__.py", "README.md", "docs/more.rst", "requirements.txt", "setup.cfg", "other")
    found = setup_py_reads(MemoryContext({"setup.py": SETUP, **dict.fromkeys(files, "")}))
    assert found == SetupReads(
        ("setup.py", "setup.cfg", "README.md", "docs/more.rst", "requirements.txt", "app/__init__.py"),
        dynamic=False,
        problems=("setup.py: VERSION is not in the build context",),
    )


@pytest.mark.parametrize(
    "text",
    ["open(name)", "import subprocess\nsubprocess.run(['git', 'describe'])", "open(join(dirname(dirname(x)), 'y'))"],
)
def test_setup_may_read_others(text: str) -> None:
    assert setup_py_reads(MemoryContext({"setup.py": text})).dynamic


def test_plain_setup() -> None:
    assert setup_py_reads(MemoryContext({"setup.py": "setup()"})) == SetupReads(("setup.py",), dynamic=False)


def test_a_name_that_only_the_parser_accepts_is_a_problem() -> None:
    assert scan(MemoryContext({"a.py": "import subprocess\n\U00013460"}), "a.py").problems
