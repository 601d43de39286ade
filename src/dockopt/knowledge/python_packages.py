"""Python packages: does one, with all that it requires, work in a slim Debian image once it is installed?

A row speaks of Linux with glibc and of what a package of an index brings by itself. A package that is not in the
table is unknown, and nothing is said of it.
"""

from collections.abc import Iterable

from dockopt.knowledge.language_packages import LanguagePackage, rows_of

TABLE = "python_packages"
CALLS_PIP = frozenset(
    "pip pip-tools pip-api pip-audit pip-licenses pipdeptree pipreqs pipx pipenv poetry pdm hatch tox nox conda pex"
    " virtualenv spacy jupyter jupyterlab notebook ipython ipykernel voila papermill nbconvert nbclient marimo"
    " mlflow ray apache-airflow prefect dask distributed kedro zenml kfp sagemaker clearml wandb modal rasa"
    " open-interpreter autogen-agentchat ag2 langflow open-webui homeassistant octoprint errbot nonebot2 nb-cli"
    " salt ansible ansible-core buildbot buildbot-worker opentelemetry-distro opentelemetry-instrumentation datasette"
    " sqlite-utils llm metaflow flytekit snowflake-snowpark-python pyspark apache-beam tensorflow-cloud torchserve"
    " bentoml truss cog".split()
)
"""Packages that import pip or may run it when they run: installers, notebooks (`%pip`), and what installs plug-ins
or a task's own requirements. Source: their metadata and documentation."""
ORDER = ("pure", "bundled", "needs", "compiles", "refuse")


def lookup(name: str, extras: tuple[str, ...] = ()) -> LanguagePackage | None:
    """The row of a normalised name. With extras, what the rows `name[extra]` say together; None if one is not known."""
    rows = [rows_of(TABLE).get(f"{name}[{extra}]") for extra in extras] or [rows_of(TABLE).get(name)]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return known[0] if len(known) == 1 else _together(name, known)


def _together(name: str, rows: list[LanguagePackage]) -> LanguagePackage:
    worst = max(rows, key=lambda row: ORDER.index(row.kind))
    return LanguagePackage(
        name,
        worst.kind,
        _joined(row.bookworm for row in rows if row.kind == worst.kind),
        _joined(row.trixie for row in rows if row.kind == worst.kind),
        _joined(row.tools for row in rows) or (),
        _joined(row.builds for row in rows) or (),
        worst.source,
    )


def _joined(lists: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    for one in lists:
        if one is None:
            return None
        found.update(dict.fromkeys(one))
    return tuple(found)
