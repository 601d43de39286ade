"""Node projects: the manifest, its neighbours, and lockfiles of every manager."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plausible import few_examples

from dockopt.context.manifests.lockfile import LockedPackage, read_lockfile
from dockopt.context.manifests.package_json import Dependency, NodeProject, read
from dockopt.context.tree import MemoryContext


def project(manifest: object, files: Mapping[str, str] | None = None) -> NodeProject:
    return read(MemoryContext({"package.json": json.dumps(manifest), **(files or {})}))


def test_plain_fields() -> None:
    found = project(
        {
            "name": "web",
            "version": "1.0.0",
            "type": "module",
            "main": "server.js",
            "bin": {"web": "cli.js"},
            "engines": {"node": ">=18"},
            "packageManager": "yarn@4.1.0",
            "scripts": {"start": "node server.js"},
            "dependencies": {"express": "^4"},
            "devDependencies": {"vite": "5"},
        },
        {"package-lock.json": '{"lockfileVersion": 3, "packages": {}}', "server.js": ""},
    )
    assert found == NodeProject(
        folder="",
        name="web",
        version="1.0.0",
        type="module",
        dependencies=(Dependency("express", "^4", "dependencies"), Dependency("vite", "5", "devDependencies")),
        scripts={"start": "node server.js"},
        install_scripts=(),
        engines={"node": ">=18"},
        manager="yarn@4.1.0",
        main="server.js",
        binaries=("cli.js",),
        workspaces=(),
        members=(),
        lockfile="package-lock.json",
        npmrc=None,
        settings=(),
        patches=(),
        packages=(),
        reads=("package.json", "package-lock.json"),
        problems=(),
    )
    assert found.of_kind("devDependencies") == (Dependency("vite", "5", "devDependencies"),)


def test_scripts_that_an_install_runs() -> None:
    scripts = {"prepare": "husky", "postinstall": "x", "test": "y", "preinstall": "", "prepublishOnly": "z"}
    assert project({"scripts": scripts}).install_scripts == ("postinstall", "prepare")


def test_native_sources_are_built_by_an_install() -> None:
    assert project({}, {"binding.gyp": "{}"}).install_scripts == ("install",)
    assert project({"scripts": {"preinstall": "x"}}, {"binding.gyp": "{}"}).install_scripts == ("preinstall",)


@pytest.mark.parametrize(
    ("spec", "path", "git"),
    [
        ("file:../lib", "../lib", False),
        ("link:./lib", "lib", False),
        ("./lib", "lib", False),
        ("file:a-1.0.tgz", "a-1.0.tgz", False),
        ("^1.0.0", None, False),
        ("workspace:*", None, False),
        ("npm:other@1", None, False),
        ("latest", None, False),
        ("user/repository#v1", None, True),
        ("github:user/repository", None, True),
        ("git+ssh://git@x.example/a.git", None, True),
        ("https://x.example/a.git#main", None, True),
        ("https://x.example/a.tgz", None, False),
    ],
)
def test_where_a_dependency_comes_from(spec: str, path: str | None, git: bool) -> None:
    dependency = Dependency("a", spec, "dependencies")
    assert dependency.path == path
    assert dependency.is_git is git


def test_workspaces() -> None:
    found = project(
        {"workspaces": {"packages": ["packages/*", "tools/**"]}, "dependencies": {"a": "workspace:^"}},
        {
            "packages/a/package.json": "{}",
            "packages/a/node_modules/x/package.json": "{}",
            "packages/b/readme.md": "",
            "tools/x/y/package.json": "{}",
            "other/package.json": "{}",
            "pnpm-workspace.yaml": "# c\npackages:\n  - 'other'  # c\n  - \"!**/test/**\"\ncatalog:\n  - no\n",
        },
    )
    assert found.workspaces == ("packages/*", "tools/**", "other", "!**/test/**")
    assert found.members == ("other", "packages/a", "tools/x/y")
    assert found.local == (Dependency("a", "workspace:^", "dependencies"),)
    assert found.reads == (
        "package.json",
        "pnpm-workspace.yaml",
        "other/package.json",
        "packages/a/package.json",
        "tools/x/y/package.json",
    )


def test_what_an_install_reads() -> None:
    found = read(
        MemoryContext(
            {
                "web/package.json": json.dumps(
                    {
                        "dependencies": {"a": "file:../lib", "patch-package": "8", "b": "file:b.tgz"},
                        "resolutions": {"x": "patch:x@1#.yarn/patches/x.patch"},
                        "pnpm": {"patchedDependencies": {"y@1": "fixes/y.patch"}},
                    }
                ),
                "web/.npmrc": "",
                "web/.yarnrc.yml": "",
                "web/.yarn/releases/yarn-4.cjs": "",
                "web/.yarn/patches/x.patch": "",
                "web/patches/z.patch": "",
                "web/fixes/y.patch": "",
                "web/b.tgz": "",
                "web/yarn.lock": "",
                "web/src/index.js": "",
                "lib/package.json": "{}",
                "lib/index.js": "",
            }
        ),
        "web",
    )
    assert found.npmrc == "web/.npmrc"
    assert found.patches == ("web/fixes/y.patch", "web/patches/z.patch", "web/.yarn/patches/x.patch")
    assert found.reads == (
        "web/package.json",
        "web/yarn.lock",
        "web/.npmrc",
        "web/.yarnrc.yml",
        "web/.yarn/releases/yarn-4.cjs",
        "web/fixes/y.patch",
        "web/patches/z.patch",
        "web/.yarn/patches/x.patch",
        "lib/index.js",
        "lib/package.json",
        "web/b.tgz",
    )
    assert found.problems == ()


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        ("[]", "package.json is not a JSON object"),
        ("{", "package.json is not a JSON object"),
        ('{"name": 1}', "package.json: name is not a text"),
        ('{"dependencies": {"a": 1}}', "package.json: dependencies is not a table of texts"),
        ('{"scripts": "x"}', "package.json: scripts is not a table of texts"),
        ('{"workspaces": "x"}', "package.json: workspaces is not a list of patterns"),
        ('{"workspaces": ["{a,b}/*"]}', "package.json: a workspace pattern cannot be read"),
        ('{"dependencies": {"a": "file:../a"}}', "package.json: a is outside the build context"),
        ('{"dependencies": {"a": "./a"}}', "package.json: a (a) is not in the build context"),
        ('{"patchedDependencies": ["a"]}', "package.json: patchedDependencies is not a table of paths"),
    ],
)
def test_problems(manifest: str, problem: str) -> None:
    assert read(MemoryContext({"package.json": manifest})).problems == (problem,)


def test_absent() -> None:
    assert read(MemoryContext({}), "web").problems == (
        "web/package.json is not in the build context or cannot be read",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@few_examples
@given(
    st.dictionaries(
        st.sampled_from(["name", "dependencies", "scripts", "workspaces", "bin", "engines", "pnpm", "resolutions"]),
        JSON,
    ),
    JSON,
)
def test_any_manifest_is_read(manifest: object, lock: object) -> None:
    project(manifest, {"package-lock.json": json.dumps(lock)})


@given(st.text(), st.sampled_from(["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb"]))
def test_any_lockfile_is_read(text: str, name: str) -> None:
    read_lockfile(MemoryContext({name: text}), name)


def locked(name: str, text: str) -> tuple[tuple[LockedPackage, ...], tuple[str, ...]]:
    return read_lockfile(MemoryContext({name: text}), name)


def test_npm_lockfile() -> None:
    text = json.dumps(
        {
            "lockfileVersion": 3,
            "packages": {
                "": {"name": "web"},
                "node_modules/@a/b": {"version": "1.2.3", "hasInstallScript": True, "resolved": "https://x.example/b"},
                "node_modules/c": {"resolved": "lib/c", "link": True},
                "node_modules/d": {"version": "1.0.0", "dev": True, "optional": True},
                "node_modules/d/node_modules/e": {"version": "2.0.0", "devOptional": True, "name": "real-e"},
                "lib/c": {"version": "0.1.0"},
            },
        }
    )
    assert locked("package-lock.json", text) == (
        (
            LockedPackage(
                "@a/b", "1.2.3", "node_modules/@a/b", has_install_script=True, resolved="https://x.example/b"
            ),
            LockedPackage("c", "", "node_modules/c", has_install_script=False, link=True, resolved="lib/c"),
            LockedPackage("d", "1.0.0", "node_modules/d", dev=True, optional=True, has_install_script=False),
            LockedPackage("real-e", "2.0.0", "node_modules/d/node_modules/e", has_install_script=False),
        ),
        (),
    )


def test_npm_lockfile_of_version_1() -> None:
    text = json.dumps(
        {
            "lockfileVersion": 1,
            "dependencies": {
                "a": {"version": "1.0.0", "dev": True, "dependencies": {"b": {"version": "file:lib/b"}}},
            },
        }
    )
    found, problems = locked("package-lock.json", text)
    assert found == (
        LockedPackage("a", "1.0.0", "node_modules/a", dev=True),
        LockedPackage("b", "file:lib/b", "node_modules/a/node_modules/b", link=True, resolved="file:lib/b"),
    )
    assert [package.is_local for package in found] == [False, True]
    assert problems == ()


def test_yarn_lockfiles() -> None:
    classic = (
        '# yarn lockfile v1\n\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.2.3"\n  resolved "x"\n\n'
        'c@2:\n  version "2.0.0"\n'
    )
    berry = (
        '__metadata:\n  version: 6\n\n"@a/b@npm:^1.0.0, @a/b@npm:1":\n  version: 1.2.3\n\n'
        '"web@workspace:.":\n  version: 0.0.0-use.local\n'
    )
    assert locked("yarn.lock", classic) == ((LockedPackage("@a/b", "1.2.3"), LockedPackage("c", "2.0.0")), ())
    assert locked("yarn.lock", berry) == ((LockedPackage("@a/b", "1.2.3"),), ())


def test_pnpm_lockfiles() -> None:
    nine = (
        "lockfileVersion: '9.0'\n\npackages:\n\n  '@a/b@1.2.3':\n    resolution: {}\n\n  c@2.0.0(d@1):\n    x: y\n\n"
        "snapshots:\n\n  z@1:\n"
    )
    six = (
        "lockfileVersion: '6.0'\n\npackages:\n\n  /@a/b@1.2.3:\n    requiresBuild: true\n    dev: true\n\n"
        "  /c@2.0.0:\n    optional: true\n"
    )
    five = "lockfileVersion: 5.4\n\npackages:\n\n  /@a/b/1.2.3:\n    dev: false\n\n  /c/2.0.0_d@1:\n    dev: false\n"
    assert locked("pnpm-lock.yaml", nine) == ((LockedPackage("@a/b", "1.2.3"), LockedPackage("c", "2.0.0")), ())
    assert locked("pnpm-lock.yaml", six) == (
        (
            LockedPackage("@a/b", "1.2.3", dev=True, has_install_script=True),
            LockedPackage("c", "2.0.0", optional=True, has_install_script=False),
        ),
        (),
    )
    assert locked("pnpm-lock.yaml", five) == ((LockedPackage("@a/b", "1.2.3"), LockedPackage("c", "2.0.0")), ())


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("package-lock.json", "[]", "package-lock.json is not a JSON object"),
        ("package-lock.json", "{}", "package-lock.json: lists no packages"),
        ("yarn.lock", "#" * 500, "yarn.lock: no package found in it"),
    ],
)
def test_lockfile_problems(name: str, text: str, problem: str) -> None:
    assert locked(name, text) == ((), (problem,))
