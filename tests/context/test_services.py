"""Which images the compose, bake and skaffold files of a repository build."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context import bake, compose, skaffold
from dockopt.context.hcl import Block, HclError, Reference, blocks
from dockopt.context.services import Recipe, Service, services
from dockopt.context.yaml_text import documents


def repository(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return str(root)


def test_every_kind_of_file(tmp_path: Path) -> None:
    root = repository(
        tmp_path,
        {
            "compose.yaml": "services:\n  web: {build: ./web}\n  db: {image: postgres}\n",
            "deploy/docker-compose.prod.yml": "services: {x: {build: {context: .., dockerfile: deploy/a.Dockerfile}}}",
            "docker-bake.hcl": 'target "web" {\n  context = "web"\n  target = "prod"\n}\n',
            "docker-bake.json": '{"target": {"web": {"context": "./web", "args": {"A": "1"}}}}',
            "k8s/skaffold.yaml": (
                "apiVersion: skaffold/v4beta6\n"
                "build: {artifacts: [{image: job, context: ../web, docker: {target: job}}]}\n"
            ),
            "web/Dockerfile": "FROM scratch\n",
            "deploy/a.Dockerfile": "FROM scratch\n",
            "node_modules/x/compose.yaml": "services: {x: {build: .}}",
            "node_modules/x/Dockerfile": "FROM scratch\n",
        },
    )
    assert services(root) == (
        Service("deploy/a.Dockerfile", ".", None, (), "deploy/docker-compose.prod.yml", "x"),
        Service("web/Dockerfile", "web", None, (), "compose.yaml", "web"),
        Service("web/Dockerfile", "web", "prod", (), "docker-bake.hcl", "web"),
        Service("web/Dockerfile", "web", None, (("A", "1"),), "docker-bake.json", "web"),
        Service("web/Dockerfile", "web", "job", (), "k8s/skaffold.yaml", "job"),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("services: {x: {build: ../x}}", id="out of the repository"),
        pytest.param("services: {x: {build: /srv/x}}", id="an absolute path"),
        pytest.param("services: {x: {build: 'https://example.com/x.git'}}", id="a repository elsewhere"),
        pytest.param("services: {x: {build: 'git@example.com:x.git'}}", id="a repository over ssh"),
        pytest.param("services: {x: {build: {context: ., dockerfile: other}}}", id="no such Dockerfile"),
        pytest.param("services: {x: {build: {context: '${WHERE}'}}}", id="a variable without a value"),
        pytest.param("services: {x: {build: {dockerfile_inline: FROM scratch}}}", id="written into the file"),
        pytest.param("services: [build", id="no YAML"),
        pytest.param("- build", id="no mapping"),
    ],
)
def test_what_is_left_out(tmp_path: Path, text: str) -> None:
    assert services(repository(tmp_path, {"compose.yml": text, "Dockerfile": "FROM scratch\n"})) == ()


def test_a_link_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text("services: {x: {build: .}}", encoding="utf-8")
    root = tmp_path / "inner"
    repository(root, {"Dockerfile": "FROM scratch\n"})
    (root / "compose.yml").symlink_to(tmp_path / "compose.yml")
    assert services(str(root)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "services: {x: {build: {context: a, dockerfile: b, target: c, args: {D: 1, E: , F: yes}}}}",
            Recipe("x", "a", "b", "c", (("D", "1"), ("E", None), ("F", "yes"))),
            id="all fields, values as they are written",
        ),
        pytest.param(
            "services: {x: {build: {args: [D=1, E]}}}", Recipe("x", arguments=(("D", "1"), ("E", None))), id="a list"
        ),
        pytest.param(
            "services: {x: {build: {target: '${T:-prod}', context: '${SET}/$$x'}}}",
            Recipe("x", "set/$x", target="prod"),
            id="defaults and .env",
        ),
        pytest.param(
            "services: {x: {build: {target: '${T:?say which}', args: {A: '${A:+a}', B: '${B:-${C}}'}}}}",
            Recipe("x", arguments=(("A", None), ("B", None)), unknown=("target", "arguments")),
            id="no value here",
        ),
        pytest.param(
            "x-base: &base\n  build: &build {context: a, target: dev}\n"
            "services:\n  x:\n    <<: *base\n    build: {<<: *build, target: prod}\n",
            Recipe("x", "a", target="prod"),
            id="merge keys",
        ),
        pytest.param("services: {x: {build: {context: !reset null}}}", Recipe("x", None), id="a tag"),
        pytest.param(
            "services: {x: {extends: {file: y.yml, service: x}, build: a}}", Recipe("x", "a"), id="own context"
        ),
    ],
)
def test_compose(text: str, expected: Recipe) -> None:
    assert list(compose.recipes(text, {".env": "# settings\nSET=set\nexport OTHER='a b'\n"})) == [expected]


def test_a_compose_service_of_another_file_is_left_to_it() -> None:
    text = "services: {x: {extends: {file: y.yml, service: x}, build: {target: a}}}"
    assert list(compose.recipes(text)) == []


def test_a_compose_service_extends_one_of_its_file() -> None:
    text = "services: {a: {build: {context: a, target: dev}}, b: {extends: a, build: {target: prod}}}"
    assert list(compose.recipes(text)) == [Recipe("a", "a", target="dev"), Recipe("b", "a", target="prod")]


def test_an_override_adds_to_the_main_file(tmp_path: Path) -> None:
    root = repository(
        tmp_path,
        {
            "compose.yaml": "services: {web: {build: {context: web, dockerfile: a.Dockerfile}}}",
            "compose.override.yaml": "services: {web: {build: {target: dev}}}",
            "web/a.Dockerfile": "FROM scratch\n",
        },
    )
    assert services(root) == (
        Service("web/a.Dockerfile", "web", "dev", (), "compose.override.yaml", "web"),
        Service("web/a.Dockerfile", "web", None, (), "compose.yaml", "web"),
    )


BAKE = """\
// what is built
variable "TAG" { default = "latest" }
variable "FOLDER" {
  default = "srv/${TAG}"
}
group "default" { targets = ["app", "worker"] }
target "_common" {
  dockerfile = "docker/Dockerfile" # for all
  args = { A = "1", B = TAG }
  labels = { "x.y" = <<EOT
target "no" {}
EOT
  }
}
target "app" {
  inherits = ["_common"]
  context = FOLDER
  args = { B = "2", C = upper("${TAG}") }
  target = "app"
  platforms = notequal("a", "b") ? ["linux/amd64"] : []
}
target "worker" {
  name = "worker-${item.name}"
  inherits = ["_common", "elsewhere"]
  matrix = { item = [{ name = "one" }, { name = "two" }] }
  target = item.name
}
"""


def test_a_bake_file() -> None:
    common = (("A", "1"), ("B", "latest"))
    assert list(bake.of_hcl(BAKE)) == [
        Recipe("_common", dockerfile="docker/Dockerfile", arguments=common),
        Recipe(
            "app",
            "srv/latest",
            "docker/Dockerfile",
            "app",
            (("A", "1"), ("B", "2"), ("C", None)),
            unknown=("arguments",),
        ),
        Recipe("worker-one", dockerfile="docker/Dockerfile", target="one", arguments=common, unknown=("arguments",)),
        Recipe("worker-two", dockerfile="docker/Dockerfile", target="two", arguments=common, unknown=("arguments",)),
    ]


def test_a_bake_file_in_json() -> None:
    text = '{"variable": {"V": {"default": "x"}}, "target": {"a": {"target": "${V}", "context": "${W}"}, "b": 1}}'
    assert list(bake.of_json(text)) == [Recipe("a", None, target="x")]


@pytest.mark.parametrize(
    "text", ['target "a" {', 'target "a', "target = = {", "<<EOT\nx", '{"', "[1]", '{"target": []}']
)
def test_a_broken_bake_file_builds_nothing(text: str) -> None:
    assert [*bake.of_hcl(text), *bake.of_json(text)] == []


def test_blocks() -> None:
    text = 'a "b" "c" {\n  x = [d.e, true, null,\n  1]\n  inner { y = 2 }\n  /* z */ z = "\\"${f("}")}\\n"\n}\n'
    assert list(blocks(text)) == [
        Block("a", "b", {"x": [Reference(("d", "e")), "true", None, "1"], "z": '"${f("}")}\n'})
    ]


@given(st.text('ab "${}[]=,\n#/\\<.'))
def test_no_text_stops_the_reader_of_blocks(text: str) -> None:
    try:
        found = list(blocks(text))
    except HclError:
        return
    assert all(block.kind for block in found)


def test_skaffold() -> None:
    text = """\
apiVersion: skaffold/v2beta29
build:
  artifacts:
    - image: web
      docker: {dockerfile: a.Dockerfile, buildArgs: {A: "1", B: "{{.ENV}}"}}
    - image: jib
      jib: {}
profiles:
  - name: prod
    build:
      artifacts:
        - {image: web, context: app, kaniko: {target: "{{.T}}"}}
---
apiVersion: v1
build: {artifacts: [{image: none}]}
"""
    assert list(skaffold.recipes(text)) == [
        Recipe("web", dockerfile="a.Dockerfile", arguments=(("A", "1"), ("B", None)), unknown=("arguments",)),
        Recipe("web", "app", unknown=("target",)),
    ]


def test_yaml_made_to_grow_is_refused() -> None:
    lists = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 200)}]" for n in range(1, 8))
    assert list(documents(f"l0: &l0 [x]\n{lists}\n")) == []
    merged = "\n".join(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 100)}]}}" for n in range(1, 8))
    assert list(documents(f"m0: &m0 {{a: b}}\n{merged}\n")) == []
