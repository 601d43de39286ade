"""Which COPYs may stand below an install: every trap of reordering, one broken precondition a case."""

from collections.abc import Mapping

import pytest

from dockopt.analyses.late_copy import LateCopy, late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

PIP = {"requirements.txt": "flask\n", "app.py": "", "src/a.py": ""}
LOCK = '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}%s}}'
NPM = {"package.json": '{"dependencies": {"a": "1"}}', "package-lock.json": LOCK % "", "index.js": "", "src/a.js": ""}
GO = {"go.mod": "module m\nrequire a.b/c v1.0.0\n", "go.sum": "a.b/c v1.0.0/go.mod h1:=\n", "main.go": ""}
RUBY = {"Gemfile": "gem 'rack'\n", "Gemfile.lock": "PLATFORMS\n  ruby\n", "app.rb": ""}
PIP_RUN = "RUN pip install -r requirements.txt"


def late(steps: str, context: Mapping[str, str]) -> LateCopy | None:
    file = Dockerfile.parse("FROM x\nWORKDIR /app\n" + steps + "\n", MemoryContext(context))
    return next(late_copies(file, file.stages[0]), None)


def reads(steps: str, context: Mapping[str, str]) -> tuple[str, ...] | None:
    """The manifests to be copied first, None where the COPY has to stay."""
    found = late(steps, context)
    if found is None or found.reason:
        return None
    return tuple(source for one in found.manifests for source in one.sources)


@pytest.mark.parametrize(
    "run",
    [
        PIP_RUN,
        "RUN pip3 install --upgrade pip && pip3 install --no-cache-dir -r ./requirements.txt",
        "RUN python -m pip install -q -r /app/requirements.txt 2>/dev/null",
        "RUN set -ex; pip install -r requirements.txt; rm -rf /root/.cache /tmp/*",
        "RUN apt-get update && apt-get install -y gcc\nUSER root\nRUN true",
        "RUN cd /app && pip install -r requirements.txt",
        "ENV A=1\nARG B\nEXPOSE 80\nLABEL a=b\nCMD x\nRUN pip install gunicorn\n" + PIP_RUN,
        "RUN --mount=type=cache,target=/root/.cache pip install -r requirements.txt",
        "RUN PIP_NO_CACHE_DIR=1 pip install -r requirements.txt 'gunicorn==20.*' git+https://example.com/a/b",
        'RUN pip install -r requirements.txt "uvicorn[standard]>=0.2" poetry==$POETRY',
    ],
)
def test_pip_reads_the_requirements(run: str) -> None:
    expected = None if "USER" in run else ("requirements.txt",)
    assert reads("COPY . .\n" + run, PIP) == expected


@pytest.mark.parametrize(
    "run",
    [
        "RUN pip install .",
        "RUN pip install -r requirements.txt .",
        "RUN pip install -e . -r requirements.txt",
        "RUN pip install -r requirements.txt ./lib",
        "RUN pip install -r requirements.txt lib.whl",
        "RUN pip install -r requirements.txt -c limits.txt",
        "RUN pip install -r $FILE",
        "RUN pip install -r requirements.txt $MORE",
        "RUN pip install -f wheels -r requirements.txt",
        "RUN pip install --unheard-of -r requirements.txt",
        "RUN pip install -r missing.txt",
        "RUN pip install -r requirements.txt && python setup.py install",
        "RUN pip install -r requirements.txt && chown -R a /app",
        "RUN pip install -r requirements.txt > log.txt",
        "RUN pip install -r requirements.txt < app.py",
        "RUN pip install -r requirements.txt $(cat more)",
        "RUN if true; then pip install -r requirements.txt; fi",
        "RUN (cd src && pip install -r ../requirements.txt)",
        "RUN cd src && pip install -r ../requirements.txt",
        "RUN X=1; pip install -r requirements.txt",
        "RUN --mount=type=bind,target=/x pip install -r requirements.txt",
        "RUN --mount=type=cache,target=/app pip install -r requirements.txt",
        'RUN ["pip", "install", "-r", "requirements.txt"]',
        "RUN ./x\n" + PIP_RUN,
        "RUN mkdir src\n" + PIP_RUN,
        "USER a\n" + PIP_RUN,
        "VOLUME /app\n" + PIP_RUN,
        "ENV PIP_CONSTRAINT=limits.txt\n" + PIP_RUN,
        "RUN apt-get install -y ./tool.deb\n" + PIP_RUN,
        "COPY --from=other /x /app\n" + PIP_RUN,
        "COPY --from=other /x /app/src\n" + PIP_RUN,
        "COPY other.py app.py\n" + PIP_RUN,
        "COPY <<E requirements.txt\nflask\nE\n" + PIP_RUN,
    ],
)
def test_pip_may_read_more(run: str) -> None:
    context = {**PIP, "other.py": "x", "limits.txt": "a<2\n", "wheels/a.whl": ""}
    kept = reads("COPY . .\n" + run, {**context, ".dockerignore": "limits.txt\n"})
    assert kept is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "-e .\n"),
        ("requirements.txt", "./vendored\n"),
        ("requirements.txt", "a @ file:///app/a.whl\n"),
        ("requirements.txt", "-r missing.txt\n"),
        ("requirements.txt", "--find-links wheels\n"),
        ("requirements.txt", "a==${VERSION}\n"),
        ("requirements.txt", "-e git+https://example.com/a#egg=a\n"),
        ("setup.cfg", "[install]\nprefix=\n"),
        (".venv/pyvenv.cfg", ""),
        ("lib/site-packages/a.py", ""),
        (".netrc", ""),
    ],
)
def test_files_that_change_a_pip_install(name: str, text: str) -> None:
    assert reads("COPY . .\n" + PIP_RUN, {**PIP, name: text}) is None


@pytest.mark.parametrize(
    "setting", ["RUN python -m pip install -r requirements.txt", "ENV PYTHONPATH=/app\n" + PIP_RUN]
)
@pytest.mark.parametrize("name", ["sitecustomize.py", "app.egg-info/PKG-INFO"])
def test_what_python_finds_when_it_starts(setting: str, name: str) -> None:
    assert reads("COPY . .\n" + setting, {**PIP, name: ""}) is None
    assert reads("COPY . .\n" + PIP_RUN, {**PIP, name: ""}) is not None


@pytest.mark.parametrize(
    "copy",
    [
        "COPY --from=a . .",
        "COPY --exclude=a . .",
        "COPY --parents . .",
        "COPY $X .",
        "COPY . $X",
        "COPY . /etc/app",
        "ADD https://example.com/a requirements.txt /app/",
        "ADD . requirements.txt /app/",
        "VOLUME /app\nCOPY . .",
        "COPY missing . ./",
        "COPY requirements.txt ./",
        "COPY app.py requirements.txt ./",
        "COPY *.txt ./",
    ],
)
def test_copies_that_stay(copy: str) -> None:
    assert reads(f"{copy}\nRUN pip install -r /app/requirements.txt", PIP) is None


@pytest.mark.parametrize(
    ("copy", "folder"),
    [
        ("COPY . .", ""),
        ("COPY ./ ./", ""),
        ("COPY . /app", ""),
        ("COPY --link . /app/", ""),
        ("ADD . /app", ""),
        ('COPY [".", "/app/"]', ""),
        ("COPY src requirements.txt /app/", ""),
        ("COPY *.* /app/", ""),
    ],
)
def test_copies_that_move(copy: str, folder: str) -> None:
    found = late(f"{copy}\nRUN pip install -r /app/requirements.txt", PIP)
    assert found is not None
    assert [(one.sources, one.folder) for one in found.manifests] == [(("requirements.txt",), folder)]


def test_paths_that_cannot_be_written_plainly() -> None:
    assert reads("COPY . .\nRUN pip install -r 'my list.txt'", {"my list.txt": "flask\n", "a.py": ""}) is None
    assert reads("COPY . .\nRUN pip install -r 'a[b].txt'", {"a[b].txt": "flask\n", "a.py": ""}) is None


def test_an_install_that_would_find_nothing_in_the_ignored_context() -> None:
    assert reads("COPY . .\n" + PIP_RUN, {**PIP, ".dockerignore": "*.txt\n"}) is None


@pytest.mark.parametrize(
    "run",
    [
        "RUN npm ci",
        "RUN npm install --production --no-audit",
        "RUN npm i && npm cache clean --force",
        "RUN npm install -g npm@10 && npm ci --omit=dev",
        "RUN npm ci --omit dev --loglevel error",
        "RUN npm --prefix /app ci",
    ],
)
def test_npm_reads_manifest_and_lockfile(run: str) -> None:
    assert reads("COPY . .\n" + run, NPM) == ("package.json", "package-lock.json")


@pytest.mark.parametrize(
    "run",
    [
        "RUN npm ci && npm run build",
        "RUN npm install express",
        "RUN npm install .",
        "RUN npm install -g .",
        "RUN npm ci --workspace=a",
        "RUN npm ci --userconfig x",
        "RUN npm config set cafile /app/index.js && npm ci",
        "ENV NPM_CONFIG_USERCONFIG=/app/rc\nRUN npm ci",
        "ENV NODE_OPTIONS='--require /app/index.js'\nRUN npm ci",
        "RUN npm --prefix $X ci",
    ],
)
def test_npm_may_read_more(run: str) -> None:
    assert reads("COPY . .\n" + run, NPM) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"scripts": {"postinstall": "x"}}'),
        ("package.json", '{"scripts": {"prepare": "husky"}}'),
        ("package.json", '{"scripts": {"dependencies": "x"}}'),
        ("package.json", '{"workspaces": ["a"]}'),
        ("package.json", '{"dependencies": {"a": "file:lib"}}'),
        ("package.json", '{"dependencies": {"a": "link:lib"}}'),
        ("package.json", '{"overrides": {"a": "file:./lib"}}'),
        ("package.json", '{"dependencies": {"a": "./lib.tgz"}}'),
        ("package.json", "not JSON"),
        ("binding.gyp", ""),
        ("package-lock.json", LOCK % ', "node_modules/b": {"resolved": "lib", "link": true}'),
        ("package-lock.json", LOCK % ', "node_modules/b": {"resolved": "file:b.tgz"}'),
        ("node_modules/a/package.json", "{}"),
        (".npmrc", "cafile=./cert.pem\n"),
        (".npmrc", "node-options=--require=x\n"),
    ],
)
def test_files_that_change_an_npm_install(name: str, text: str) -> None:
    assert reads("COPY . .\nRUN npm ci", {**NPM, name: text}) is None


def test_scripts_are_no_obstacle_where_they_do_not_run() -> None:
    context = {**NPM, "package.json": '{"scripts": {"prepare": "husky"}}'}
    assert reads("COPY . .\nRUN npm ci --ignore-scripts", context) == ("package.json", "package-lock.json")


def test_a_package_whose_script_reads_the_sources() -> None:
    manifest = '{"dependencies": {"@prisma/client": "5"}}'
    context = {"package.json": manifest, "index.js": ""}
    assert reads("COPY . .\nRUN npm install", context) == ("package.json",)
    assert reads("COPY . .\nRUN npm install", {**context, "prisma/schema.prisma": ""}) is None


def test_a_workspace_above() -> None:
    context = {**{f"web/{name}": text for name, text in NPM.items()}, "package.json": '{"workspaces": ["web"]}'}
    assert reads("COPY . .\nRUN cd web && npm ci", context) is None
    del context["package.json"]
    assert reads("COPY . .\nRUN cd web && npm ci", context) == ("web/package.json", "web/package-lock.json")


def test_a_lockfile_that_an_install_would_change() -> None:
    context = {**NPM, "package-lock.json": '{"lockfileVersion": 1, "dependencies": {}}'}
    found = late("COPY . .\nRUN npm install", context)
    assert found is not None
    assert found.rewrites == ("/app/package-lock.json",)
    assert reads("COPY . .\nRUN npm install\nRUN npm prune --production", context) is None
    assert reads("COPY . .\nRUN npm install\nRUN npm prune --production", NPM) is not None


def test_yarn() -> None:
    context = {**NPM, "yarn.lock": 'a@1:\n  version "1"\n', ".yarnrc": 'registry "https://r"\n'}
    wanted = ("package.json", "yarn.lock", ".yarnrc")
    assert reads("COPY . .\nRUN yarn", context) == wanted
    assert reads("COPY . .\nRUN yarn install --frozen-lockfile && yarn cache clean", context) == wanted
    assert reads("COPY . .\nRUN yarn build", context) is None
    assert reads("COPY . .\nRUN yarn add b", context) is None
    assert reads("COPY . .\nRUN yarn", {**context, ".yarnrc": 'yarn-path ".yarn/releases/y.js"\n'}) is None
    assert reads("COPY . .\nRUN yarn", {**context, ".yarnrc.yml": ""}) is None
    assert reads("COPY . .\nRUN yarn", {**context, "package.json": '{"packageManager": "yarn@4.1.0"}'}) is None


def test_pnpm() -> None:
    context = {**NPM, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}
    run = "COPY . .\nRUN corepack enable && pnpm install --frozen-lockfile"
    assert reads(run, context) == ("package.json", "pnpm-lock.yaml")
    assert reads(run, {**context, "pnpm-workspace.yaml": "packages:\n  - a\n"}) is None
    assert reads(run, {**context, ".pnpmfile.cjs": ""}) is None
    fetch = "COPY . .\nRUN pnpm fetch --prod\nRUN pnpm install --offline --prod"
    found = late(fetch, context)
    assert found is not None
    assert (len(found.installs), found.rewrites) == (2, ("/app/pnpm-lock.yaml",))
    assert reads(fetch, {**context, "package.json": NPM["package.json"][:-1] + ', "patchedDependencies": {}}'}) is None
    assert reads("COPY . .\nRUN pnpm fetch", NPM) is None


def test_go() -> None:
    run = "COPY . .\nRUN go mod download && go mod verify"
    assert reads(run, GO) == ("go.mod", "go.sum")
    assert reads("COPY . .\nRUN go install example.com/a@v1\nRUN go mod download -x", GO) == ("go.mod", "go.sum")
    assert reads("COPY . .\nRUN go mod download && go build", GO) is None
    assert reads("COPY . .\nRUN go mod tidy\nRUN go mod download", GO) is None
    assert reads("COPY . .\nENV GOFLAGS=-mod=vendor\nRUN go mod download", GO) is None
    assert reads(run, {**GO, "vendor/modules.txt": ""}) is None
    local = {**GO, "go.mod": GO["go.mod"] + "replace a.b/c => ./c\n", "c/c.go": ""}
    assert reads(run, {**local, "c/go.mod": "module c\n"}) == ("go.mod", "go.sum", "c/go.mod")
    assert reads(run, {**local, "c/go.mod": "module `c`\n"}) is None
    assert reads(run, local) is None
    assert reads(run, {**GO, "go.sum": "a.b/d v1.0.0/go.mod h1:=\n"}) is None


def test_go_workspaces() -> None:
    run = "COPY . .\nRUN go mod download"
    work = {
        **{f"a/{name}": text for name, text in GO.items()},
        "b/go.mod": "module b\nrequire m v0.0.0\n",
        "go.work": "go 1.22\n\nuse (\n\t./a\n\t./b\n)\n",
    }
    assert reads(run, work) == ("go.work", "a/go.mod", "a/go.sum", "b/go.mod")
    found = late(run, {**work, "go.work.sum": ""})
    assert found is not None
    assert found.rewrites == ("/app/go.work.sum",)
    assert reads("COPY . .\nWORKDIR a\nRUN go mod download", work) == ("go.work", "a/go.mod", "a/go.sum", "b/go.mod")
    sums = {**work, "b/go.mod": "module b\nrequire a.b/c v1.0.0\n"}
    assert reads(run, sums) == ("go.work", "a/go.mod", "a/go.sum", "b/go.mod")
    for name, text in {
        "b/go.mod": "module b\nrequire a.b/d v1.0.0\n",
        "go.work": "go 1.22\nuse ./a\nuse ./c\n",
        "vendor/modules.txt": "",
        "b/vendor/modules.txt": "",
    }.items():
        assert reads(run, {**work, name: text}) is None
    for line in ("replace a.b/c => ../c", "replace a.b/c => a.b/d v1.0.0", "use /a"):
        assert reads(run, {**work, "go.work": f"{work['go.work']}{line}\n"}) is None
    assert reads("COPY . .\nRUN go build ./a", work) is None


def test_bundler() -> None:
    run = "COPY . .\nRUN gem install bundler && bundle install --jobs 4"
    assert reads(run, RUBY) == ("Gemfile", "Gemfile.lock")
    for line in ("gem 'a', path: 'a'", "gemspec", "ruby file: '.ruby-version'", "eval_gemfile 'b'", "x = `ls`", "if x"):
        assert reads(run, {**RUBY, "Gemfile": line + "\n"}) is None
    assert reads(run, {**RUBY, "Gemfile.lock": "PLATFORMS\n  x86_64-darwin-22\n"}) is None
    assert reads(run, {**RUBY, "Gemfile.lock": "PATH\n  remote: a\nPLATFORMS\n  ruby\n"}) is None
    assert reads(run, {**RUBY, ".bundle/config": ""}) is None
    assert reads(run, {**RUBY, "vendor/bundle/a": ""}) is None
    assert reads("COPY . .\nRUN bundle config set path vendor && bundle install", RUBY) is None


def test_an_unknown_folder() -> None:
    file = Dockerfile.parse("FROM x\nCOPY . .\nRUN npm ci\n", MemoryContext(NPM))
    assert all(found.reason for found in late_copies(file, file.stages[0]))


def test_without_a_context_there_is_a_reason() -> None:
    file = Dockerfile.parse("FROM x\nWORKDIR /app\nCOPY . .\nRUN npm ci\n")
    assert [found.reason for found in late_copies(file, file.stages[0])] == ["the build context is not known"]


def test_several_copies_keep_their_order() -> None:
    steps = "COPY src src\nCOPY public public\nCOPY package.json ./\nRUN npm install"
    context = {"package.json": "{}", "src/a.js": "", "public/i.html": ""}
    found = late(steps, context)
    assert found is not None
    assert found.copy.sources == ("public",)


def test_files_that_choose_the_interpreter() -> None:
    context = {**PIP, ".python-version": "3.12"}
    steps = f"WORKDIR /app\nCOPY . .\n{PIP_RUN}\n"
    for base, expected in (
        ("python:3.12", [("requirements.txt",)]),
        ("ghcr.io/team/pyenv", [("requirements.txt", ".python-version")]),
    ):
        file = Dockerfile.parse(f"FROM {base}\n{steps}", MemoryContext(context))
        assert [[one.sources for one in found.manifests] for found in late_copies(file, file.final)] == [expected]


def test_folders_made_on_the_way() -> None:
    assert reads("COPY . .\nRUN mkdir -p /data logs\n" + PIP_RUN, PIP) == ("requirements.txt",)
    assert reads("COPY . .\nRUN mkdir -p src\n" + PIP_RUN, PIP) is None


def test_a_gem_whose_name_holds_a_word_of_ruby() -> None:
    context = {**RUBY, "Gemfile": "gem 'rack-mini-profiler' # reads no file\ngem 'b', require: false\n"}
    assert reads("COPY . .\nRUN bundle install", context) == ("Gemfile", "Gemfile.lock")


def test_variables_that_a_build_may_set_otherwise() -> None:
    assert reads("ARG DIR=.\nCOPY $DIR .\n" + PIP_RUN, PIP) is None
    assert reads("ENV HOME_DIR=/srv\nCOPY . $HOME_DIR\nWORKDIR /srv\n" + PIP_RUN, PIP) == ("requirements.txt",)
    steps = "COPY . .\nWORKDIR src\nRUN pip install -r ../requirements.txt"
    assert reads("WORKDIR /srv\n" + steps, PIP) == ("requirements.txt",)
    assert reads("ARG DIR=/srv\nWORKDIR $DIR\n" + steps, PIP) is None


def test_a_virtual_environment() -> None:
    run = "RUN python3 -m venv {} && pip install -r requirements.txt"
    assert reads("COPY . .\n" + run.format("/opt/venv"), PIP) == ("requirements.txt",)
    assert reads("COPY . .\n" + run.format("/app/src"), PIP) is None


@pytest.mark.parametrize(
    "between",
    [
        "RUN sed -i 's/80/8080/' /etc/nginx/nginx.conf",
        "RUN sed -i -E 's|a|b|g' /etc/a.conf",
        "RUN if [ $(nproc) = 2 ]; then sed -i 's|1024|512|g' /etc/php/fpm.conf; fi;",
        'RUN if [ -z "$MODE" ]; then echo a; elif test "$MODE" != b; then mkdir -p /var/b; else true; fi',
        "COPY nginx.conf /etc/nginx/\nRUN sed -i s/80/8080/ /etc/nginx/nginx.conf",
    ],
)
def test_changes_elsewhere_are_passed(between: str) -> None:
    context = {**PIP, "nginx.conf": ""}
    assert reads(f"COPY . .\n{between}\n{PIP_RUN}", context) == ("requirements.txt",)


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        ("RUN sed -i s/a/b/ app.py", "a command below changes /app/app.py, which it copies"),
        ("RUN sed -i s/a/b/ $FILE", "sed may read the copied files"),
        ("RUN sed -i s/a/b/ /etc/*.conf", "sed may read the copied files"),
        ("RUN sed -i 's/a/b/w app.log' /etc/a.conf", "sed may read the copied files"),
        ("RUN sed -i s/a/b/e /etc/a.conf", "sed may read the copied files"),
        ("RUN sed -i '/a/r app.py' /etc/a.conf", "sed may read the copied files"),
        ('RUN sed -i "s/a/$B/" /etc/a.conf', "sed may read the copied files"),
        ("RUN sed -i.bak s/a/b/ /etc/a.conf", "sed may read the copied files"),
        ("RUN sed s/a/b/", "sed may read the copied files"),
        ("RUN if [ -f app.py ]; then echo a; fi", "[ may read the copied files"),
        ("RUN if [ $FLAG app.py ]; then echo a; fi", "[ may read the copied files"),
        ("RUN if [ a = * ]; then echo a; fi", "[ may read the copied files"),
        ("RUN if true; then ./a; fi", "a may read the copied files"),
        ("RUN if true; then echo a > b; fi", "a command is not understood"),
        ("RUN if true; then A=b; fi", "a command is not understood"),
        ("RUN if true; then (echo a); fi", "a command is not understood"),
        ("RUN if true; then pip install -r requirements.txt; fi", "a condition decides what is installed"),
        ("RUN for a in b; do echo a; done", "a command is not understood"),
        ("RUN f() { echo a; }; f", "a command is not understood"),
    ],
)
def test_changes_that_may_meet_the_sources(between: str, reason: str) -> None:
    found = late(f"COPY . .\n{between}\n{PIP_RUN}", PIP)
    assert found is not None
    assert found.reason == reason
