r"""Run `conda clean --all --yes` in the `RUN` that installed packages; the same for mamba and micromamba.

conda keeps the archive of every package that it downloads, the package unpacked, and the index of each channel (200 MB
for conda-forge) in `pkgs` below its folder.  The environment links to the unpacked files; archives and index are never
read again.  A later `RUN` cannot win the space back.

The cleaning runs right behind the last install, and only if that succeeded, in a condition as well.  The fix is safe:
what an environment links to stays, and the next install fetches the index again.  It is left out where a setting or an
option says where packages are or how they are linked, where a later install works offline, where the folder is in a
mount or another stage takes it, where root is not the one who installs and the base brings packages of its own, in
loops, and in stages whose layers nobody receives.
"""

from collections.abc import Iterator

from dockopt import api

CACHE = api.DownloadCache(
    programs=("conda", "mamba", "micromamba"),
    fills=frozenset({"install", "create", "update", "upgrade", "env"}),
    cleans=frozenset({"clean"}),
    folders=("conda/pkgs", "conda3/pkgs", "micromamba/pkgs", "mamba/pkgs"),
    settings=(
        *("CONDA_PKGS_DIRS", "MAMBA_PKGS_DIRS", "CONDARC", "pkgs_dirs", "softlink", "always_copy", "CONDA_OFFLINE"),
        *("--offline", "--use-index-cache", "-C", "--download-only", "--use-local", "--dry-run"),
    ),
    in_conditions=True,
)

EXAMPLES = (
    api.changes(
        """
        FROM continuumio/miniconda3
        COPY environment.yml .
        RUN conda env update -n base -f environment.yml
        """,
        """
        FROM continuumio/miniconda3
        COPY environment.yml .
        RUN conda env update -n base -f environment.yml && conda clean --all --yes
        """,
    ),
    api.changes(
        """
        FROM example.org/conda
        USER root
        RUN if [ -f "/tmp/env.yml" ]; then umask 0002 && /opt/conda/bin/conda env update -f /tmp/env.yml; fi \\
            && rm -rf /tmp/env.yml
        """,
        """
        FROM example.org/conda
        USER root
        RUN if [ -f "/tmp/env.yml" ]; then umask 0002 && /opt/conda/bin/conda env update -f /tmp/env.yml \
&& /opt/conda/bin/conda clean --all --yes; fi \\
            && rm -rf /tmp/env.yml
        """,
    ),
    api.changes(
        """
        FROM continuumio/miniconda3
        RUN conda install -y mamba \\
            # the solver
            && mamba install -y numpy \\
            && python -c "import numpy"
        """,
        """
        FROM continuumio/miniconda3
        RUN conda install -y mamba \\
            # the solver
            && mamba install -y numpy \\
            && mamba clean --all --yes \\
            && python -c "import numpy"
        """,
    ),
    api.changes(
        """
        FROM continuumio/anaconda3
        RUN <<EOF
        set -e
        conda create -y -n app python=3.12
        conda run -n app python --version
        EOF
        """,
        """
        FROM continuumio/anaconda3
        RUN <<EOF
        set -e
        conda create -y -n app python=3.12
        conda clean --all --yes
        conda run -n app python --version
        EOF
        """,
    ),
    api.changes(
        """
        FROM mambaorg/micromamba:2
        USER root
        RUN micromamba install -y -n base -f /tmp/env.yaml
        """,
        """
        FROM mambaorg/micromamba:2
        USER root
        RUN micromamba install -y -n base -f /tmp/env.yaml && micromamba clean --all --yes
        """,
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda install -y numpy && conda clean -afy
        """,
        because="the cache is cleaned already",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda install -y numpy && rm -rf /opt/conda/pkgs
        """,
        because="the cache is removed already",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy
        """,
        because="the cache is in a mount",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda install -y --download-only numpy
        """,
        because="the packages are wanted where they are",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda config --set allow_softlinks true && conda install -y numpy
        """,
        because="an environment may be links into the cache",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda install -y numpy
        RUN conda install -y --offline numpy scipy
        """,
        because="a later install has nothing but the cache",
    ),
    api.unchanged(
        """
        FROM jupyter/base-notebook
        RUN conda install -y numpy
        """,
        because="who installs may not be allowed to remove what the base image brings",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN conda env export -n base > /environment.yml
        """,
        because="nothing is fetched",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3
        RUN for name in numpy scipy; do conda install -y $name; done
        """,
        because="the install runs in a loop",
    ),
    api.unchanged(
        """
        FROM continuumio/miniconda3 AS build
        RUN conda create -y -p /env python=3.12
        FROM debian:12
        COPY --from=build /env /env
        """,
        because="nobody receives the layers of the first stage",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with=CACHE.programs, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if "conda" not in file.text and "mamba" not in file.text:
        return
    for run in file.runs:
        last = api.last_fetch(file, run, CACHE)
        if last is None or not api.is_surely_root(file, run) or only_asks(last):
            continue
        yield api.Fix(
            title=f"clean the cache of {last.name} in the RUN that filled it",
            edits=api.insert_command(run, last, f"{last.words[0].text} clean --all --yes"),
            evidence=(
                api.proven("the install downloads the packages, and nothing removes them here", run),
                api.known("what an environment links to stays (conda clean --help)", run),
            ),
            span=run.span,
        )


def only_asks(call: api.Call) -> bool:
    """Whether this is `conda env` that fetches nothing, such as `conda env export`."""
    return call.has("env") and not call.has("create", "update")
