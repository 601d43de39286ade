"""What conda and its relatives read of the copied files."""

import pytest

from dockopt.analyses.late_copy import late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

ENVIRONMENT = "name: shop\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - conda-forge::numpy>=1.26\n"
PIP = f"{ENVIRONMENT}  - pip:\n      - flask==3.0.3\n      - --extra-index-url https://packages.example/simple\n"


def found(run: str, context: dict[str, str], between: str = "") -> tuple[tuple[str, ...], str]:
    """The manifests to be copied first, and why the COPY has to stay."""
    text = f"FROM mambaorg/micromamba:2\nWORKDIR /app\nCOPY . .\n{between}RUN {run}\n"
    file = Dockerfile.parse(text, MemoryContext({**context, "shop.py": ""}))
    (one,) = late_copies(file, file.final)
    return tuple(source for each in one.manifests for source in each.sources), one.reason


@pytest.mark.parametrize(
    ("run", "context", "reads"),
    [
        ("conda env create", {"environment.yml": ENVIRONMENT}, ("environment.yml",)),
        ("conda env create -q -n a -f env.yaml && conda clean -afy", {"env.yaml": PIP}, ("env.yaml",)),
        ("mamba env update -n base --file=environment.yml", {"environment.yml": PIP}, ("environment.yml",)),
        ("micromamba install -y -n base -f environment.yml", {"environment.yml": PIP}, ("environment.yml",)),
        ("conda install -y --file conda.txt numpy", {"conda.txt": "# all\nscipy=1.11\n"}, ("conda.txt",)),
        (
            "micromamba create -y -p /opt/env -f a.yml -f b.yml",
            {"a.yml": ENVIRONMENT, "b.yml": PIP},
            ("a.yml", "b.yml"),
        ),
        (
            "conda env create -f conda/env.yml",
            {
                "conda/env.yml": f"{ENVIRONMENT}  - pip:\n    - -r ../requirements.txt\n",
                "requirements.txt": "flask\n-c limits.txt\n",
                "limits.txt": "flask<4\n",
            },
            ("conda/env.yml", "requirements.txt", "limits.txt"),
        ),
    ],
)
def test_an_environment_reads_its_file(run: str, context: dict[str, str], reads: tuple[str, ...]) -> None:
    assert found(run, context) == (reads, "")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("  - pip:\n    - -e .\n", "pip installs -e . from the build context"),
        ("  - pip:\n    - .\n", "pip installs . from the build context"),
        ("  - pip:\n    - ./lib\n", "pip installs ./lib from the build context"),
        ("  - pip:\n    - git+file:///app/lib\n", "pip installs git+file:///app/lib from the build context"),
        ("  - pip:\n    - -r requirements.txt\n", "requirements.txt is not among the copied files"),
        ("  - pip:\n    - 3: 4\n", "a requirement for pip is not understood"),
        ("  - npm:\n    - x\n", "environment.yml has a dependency that is not understood"),
        ("  - ./lib.conda\n", "conda installs ./lib.conda, which may be a copied file"),
        ("  - python={{ version }}\n", "environment.yml cannot be read"),
        ("channels:\n  - ./channel\n", "environment.yml names a channel that may be a copied folder"),
        ("prefix: ./env\n", "/app/env is in the build context, too: keep it out with .dockerignore"),
        ("prefix: ${HOME}/env\n", "the folder of the environment is not known"),
    ],
)
def test_an_environment_that_reads_more(lines: str, reason: str) -> None:
    base = ENVIRONMENT.replace("channels:\n  - conda-forge\n", "") if lines.startswith("channels") else ENVIRONMENT
    context = {"environment.yml": base + lines, "env/bin/python": ""}
    assert found("conda env create -f environment.yml", context) == ((), reason)


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("conda env create -f $FILE", "$ is not among the copied files"),
        ("conda env create -f other.yml", "other.yml is not among the copied files"),
        ("conda env create -f environment", "environment is not among the copied files"),
        ("conda env export -f environment.yml", "conda env export may read the copied files"),
        ("conda install -f numpy --file a.txt", "the option -f is not understood"),
        ("conda install --strange --file a.txt", "the option --strange may read the copied files"),
        ("conda install ./a.tar.bz2 --file a.txt", "conda installs ./a.tar.bz2, which may be a copied file"),
        ("conda install --file lock.yml", "lock.yml cannot be read"),
        ("conda install --file lock.json", "the format of lock.json is not known"),
        ("conda config --set channel_alias /app/c && conda env create", "conda config names a file or a folder"),
        ("conda run -n a pip install -r a.txt && conda env create", "conda run pip may read the copied files"),
    ],
)
def test_commands_that_are_not_understood(run: str, reason: str) -> None:
    context = {"environment.yml": ENVIRONMENT, "a.txt": "numpy\n", "lock.yml": "package: []\n", "lock.json": "{}"}
    assert found(run, context) == ((), reason)


@pytest.mark.parametrize("setting", ["ENV CONDARC=/app/condarc\n", "ENV PIP_CONSTRAINT=a.txt\n"])
def test_settings_that_may_name_a_copied_file(setting: str) -> None:
    name = setting.partition("=")[0].removeprefix("ENV ")
    expected = ((), f"{name} may name a copied file")
    assert found("conda env create", {"environment.yml": ENVIRONMENT}, setting) == expected
