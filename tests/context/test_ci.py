"""What workflows, GitLab's and Google's files, Jenkinsfiles and makefiles build, as far as it is plain."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context import ci
from dockopt.context.build_commands import builds
from dockopt.context.services import Recipe, Service, services, services_above


def recipe(
    name: str = "", context: str | None = ".", dockerfile: str | None = "Dockerfile", target: str | None = None
) -> Recipe:
    return Recipe(name, context, dockerfile, target, unknown=("arguments",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("docker build .", recipe(), id="the least"),
        pytest.param("sudo docker build -q -t reg.io/team/api:1 api", recipe("api", "api"), id="a name and a folder"),
        pytest.param(
            "docker buildx build --push --platform=linux/amd64 -f docker/api.Dockerfile --target prod .",
            recipe("", ".", "docker/api.Dockerfile", "prod"),
            id="a file is told from where the shell is",
        ),
        pytest.param("podman build --file=api/x ./api", recipe("", "api", "x"), id="and not from the context"),
        pytest.param("cd api && docker build .", recipe("", "api"), id="in another folder"),
        pytest.param("(cd api; docker build ..)\n", recipe(), id="in a subshell"),
        pytest.param("if true; then docker build .; fi", recipe(), id="inside a condition"),
        pytest.param(
            'DOCKER_BUILDKIT=1 docker build -t "$IMAGE" "$PWD/api"', recipe("", "api"), id="the present folder"
        ),
        pytest.param("cd /x; docker build -f ${CI_PROJECT_DIR}/a $CI_PROJECT_DIR", None, id="an unknown folder"),
        pytest.param(
            "docker build -f ${CI_PROJECT_DIR}/b/a $CI_PROJECT_DIR", recipe("", ".", "b/a"), id="variables of CI"
        ),
        pytest.param("docker build $FOLDER", None, id="a variable"),
        pytest.param("docker build -f $FILE .", None, id="a file in a variable"),
        pytest.param("docker build --unheard-of x .", None, id="an option that may take a value"),
        pytest.param("docker build - < Dockerfile", None, id="standard input"),
        pytest.param("docker build https://example.com/x.git", None, id="a repository elsewhere"),
        pytest.param("docker build /srv/x", None, id="an absolute path"),
        pytest.param("popd && docker build .", None, id="wherever the shell was before"),
        pytest.param("if x; then cd y; fi; docker build .", None, id="perhaps elsewhere"),
        pytest.param("echo docker build .", None, id="words only"),
        pytest.param("docker build . '", None, id="no shell"),
    ],
)
def test_calls(text: str, expected: Recipe | None) -> None:
    assert list(builds(text)) == ([] if expected is None else [expected])


def test_a_target_that_is_not_known() -> None:
    [found] = builds("docker build --target $STAGE .")
    assert (found.target, found.unknown) == (None, ("target", "arguments"))


@given(st.text("docker build-f$.&|;(){}'\"\n\t", max_size=60))
def test_any_text_is_read_or_left(text: str) -> None:
    for reader in (ci.of_makefile, ci.of_jenkinsfile, ci.of_gitlab, ci.of_workflow, ci.of_cloud_build):
        assert all(isinstance(one, Recipe) for one in reader(f"docker build {text}"))


def workflow(text: str, before: str = "") -> str:
    steps = "".join(f"      {line}\n" for line in dedent(text).strip().splitlines())
    return f"on: push\n{before}jobs:\n  image:\n    steps:\n{steps}"


MATRIX = """
jobs:
  image:
    strategy:
      matrix:
        service: [api, web]
        os: [debian, alpine]
        exclude: [{service: web, os: alpine}]
        include: [{service: job, os: debian}]
    steps:
      - uses: docker/build-push-action@v6
        with: {context: "${{ matrix.service }}", file: "${{ matrix.service }}/Dockerfile.${{ matrix.os }}"}
"""
READ: list[tuple[str, Callable[[str], Iterator[Recipe]], str, list[Recipe]]] = [
    (
        "the action",
        ci.of_workflow,
        workflow(
            """
            - uses: actions/checkout@v4
            - uses: docker/build-push-action@v6
              with: {context: ./api, file: docker/api.Dockerfile, target: prod, tags: "ghcr.io/x/api:1,x/y"}
            """
        ),
        [recipe("api", "./api", "../docker/api.Dockerfile", "prod")],
    ),
    (
        "the action without settings",
        ci.of_workflow,
        workflow("- uses: docker/build-push-action@v6\n"),
        [recipe()],
    ),
    (
        "the default context",
        ci.of_workflow,
        workflow('- uses: docker/build-push-action@v6\n  with: {context: "{{defaultContext}}:api", file: x}'),
        [recipe("", "api", "x")],
    ),
    (
        "an expression that is not known",
        ci.of_workflow,
        workflow('- uses: docker/build-push-action@v6\n  with: {context: "${{ inputs.folder }}"}'),
        [recipe("", None, None)],
    ),
    (
        "variables of the workflow",
        ci.of_workflow,
        workflow('- run: docker build -f "${{ env.FILE }}" ${{ github.workspace }}', "env: {FILE: api/x}\n"),
        [recipe("", ".", "api/x")],
    ),
    (
        "a folder to work in",
        ci.of_workflow,
        workflow("- run: docker build .\n  working-directory: api"),
        [recipe("", "api")],
    ),
    ("a folder that is not known", ci.of_workflow, workflow("- run: cd ${{ inputs.x }} && docker build ."), []),
    (
        "a checkout into another folder",
        ci.of_workflow,
        workflow("- uses: actions/checkout@v4\n  with: {path: x}\n- run: docker build ."),
        [],
    ),
    (
        "a matrix",
        ci.of_workflow,
        MATRIX,
        [
            recipe("", "api", "Dockerfile.debian"),
            recipe("", "api", "Dockerfile.alpine"),
            recipe("", "web", "Dockerfile.debian"),
            recipe("", "job", "Dockerfile.debian"),
        ],
    ),
    (
        "GitLab's scripts",
        ci.of_gitlab,
        """
before_script: [cd api]
image: {script: [docker build -t x .]}
other: {before_script: [], script: docker build web}
""",
        [recipe("x", "api"), recipe("", "web")],
    ),
    (
        "a script from elsewhere",
        ci.of_gitlab,
        "x:\n  script:\n    - !reference [.setup, script]\n    - docker build .\n",
        [],
    ),
    (
        "Cloud Build",
        ci.of_cloud_build,
        """
steps:
  - name: gcr.io/cloud-builders/docker
    args: [build, -t, "gcr.io/$PROJECT_ID/api:$SHORT_SHA", -f, api/x, api]
  - name: gcr.io/cloud-builders/docker
    dir: web
    entrypoint: bash
    args: [-c, "docker build -t web . && docker push web"]
  - {name: other, args: [build, .]}
""",
        [recipe("api", "api", "x"), recipe("web", "web")],
    ),
    (
        "Jenkins",
        ci.of_jenkinsfile,
        """
pipeline { steps { sh 'docker build -t a api'; sh(script: "docker build -f web/x web")
script { docker.build('web', '-f web/y web') ; docker.build("z:${env.BUILD_ID}") } } }
""",
        [recipe("a", "api"), recipe("", "web", "x"), recipe("web", "web", "y"), recipe("z")],
    ),
    ("Jenkins in another folder", ci.of_jenkinsfile, "dir('x') { sh 'docker build .' }", []),
    (
        "make",
        ci.of_makefile,
        """
IMAGE := api
TAG ?= $(shell git describe)
TWICE = a
TWICE = b
image:
\t@docker build -t $(IMAGE):$(TAG) \\
\t  -f $(IMAGE)/x $(CURDIR)
\tcd web && docker build .
\tdocker build $(TWICE)
# docker build y
""",
        [recipe("api", ".", "api/x"), recipe("", "web")],
    ),
]


@pytest.mark.parametrize(("reader", "text", "expected"), [pytest.param(*row[1:], id=row[0]) for row in READ])
def test_files(reader: Callable[[str], Iterator[Recipe]], text: str, expected: list[Recipe]) -> None:
    assert list(reader(text)) == expected


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_every_kind_of_file_and_where_its_paths_begin(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            ".github/workflows/ci.yml": workflow("- run: docker build -f a/x ."),
            ".gitlab-ci.yml": "job: {script: [docker build b]}",
            "deploy/cloudbuild.yaml": "steps: [{name: x/docker, args: [build, c]}]",
            "deploy/Jenkinsfile": "sh 'docker build -t image d'",
            "e/Makefile": "all:\n\tdocker build .\n",
            **dict.fromkeys(("a/x", "b/Dockerfile", "c/Dockerfile", "d/Dockerfile", "e/Dockerfile"), "FROM a\n"),
            "deploy/d/Dockerfile": "FROM a\n",
        },
    )
    unknown = ("arguments",)
    assert services(str(tmp_path)) == (
        Service("a/x", ".", None, (), ".github/workflows/ci.yml", "", unknown),
        Service("b/Dockerfile", "b", None, (), ".gitlab-ci.yml", "", unknown),
        Service("c/Dockerfile", "c", None, (), "deploy/cloudbuild.yaml", "", unknown),
        Service("e/Dockerfile", "e", None, (), "e/Makefile", "", unknown),
    )


def test_what_files_above_say(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            ".git/HEAD": "",
            ".github/workflows/ci.yml": workflow("- run: docker build a/b"),
            "compose.yaml": "services: {x: {build: {context: ., dockerfile: a/b/Dockerfile}}}",
            "a/other/compose.yaml": "services: {x: {build: ../b}}",
            "a/b/Dockerfile": "FROM a\n",
        },
    )
    top, found = services_above(str(tmp_path / "a" / "b"))
    assert top == str(tmp_path.resolve())
    assert found == (
        Service("a/b/Dockerfile", ".", None, (), "compose.yaml", "x"),
        Service("a/b/Dockerfile", "a/b", None, (), ".github/workflows/ci.yml", "", ("arguments",)),
    )
    (tmp_path / ".git" / "HEAD").unlink()
    (tmp_path / ".git").rmdir()
    assert services_above(str(tmp_path / "a" / "b"))[1] == ()
