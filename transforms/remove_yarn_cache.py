r"""Clean yarn's cache in the `RUN` that filled it.

yarn 1 keeps every package it downloads, unpacked, in `/usr/local/share/.cache/yarn` (for root) or `~/.cache/yarn`: as
large as `node_modules` once more.  A later `RUN` cannot win the space back.

`yarn cache clean` runs right behind the last install, and only if that succeeded.  The fix is safe for a lone
`yarn global add`, and where the lockfile is of yarn 1; without the lockfile, yarn 1 is inferred from there being no
`corepack` and no setting of a later yarn.  Later versions are left alone, and so is `pnp`: an application may run from
their cache.  So are caches in mounts or moved, installs that work offline, conditions and loops, and stages whose
layers nobody receives.

See also: hadolint DL3060.
"""

from collections.abc import Iterator

from dockopt import api

CACHE = api.DownloadCache(
    programs=("yarn", "yarnpkg"),
    fills=frozenset({"", "install", "add", "global"}),
    cleans=frozenset({"cache"}),
    folders=(".cache/yarn", "/usr/local/share/.cache"),
    settings=(
        *("YARN_CACHE", "YARN_ENABLE", "YARN_VERSION", "yarnPath", "corepack", "cache-folder", "berry", "set version"),
        *("--offline", "--prefer-offline", "--immutable", "--immutable-cache", "--inline-builds", "config", "policies"),
    ),
)

EXAMPLES = (
    api.changes(
        """
        FROM node:20
        RUN yarn install --production
        """,
        """
        FROM node:20
        RUN yarn install --production && yarn cache clean
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN cd server && \\
            # the tools
            yarn global add serve && \\
            yarn --frozen-lockfile && \\
            yarn build
        """,
        """
        FROM node:20
        RUN cd server && \\
            # the tools
            yarn global add serve && \\
            yarn --frozen-lockfile && \\
            yarn cache clean && \\
            yarn build
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN yarn global add serve
        """,
        """
        FROM node:20
        RUN yarn global add serve && yarn cache clean
        """,
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM node:20
        COPY . .
        RUN yarn
        """,
        """
        FROM node:20
        COPY . .
        RUN yarn && yarn cache clean
        """,
        context={"package.json": "{}", "yarn.lock": "# yarn lockfile v1\n"},
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM node:20
        COPY . .
        RUN yarn install --frozen-lockfile
        """,
        because="nothing shows that this is yarn 1; it is only inferred",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM node:20
        COPY . .
        RUN yarn install
        """,
        because="the context's settings call a later yarn",
        context={"package.json": "{}", ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.0.0.cjs\n", "yarn.lock": ""},
    ),
    api.unchanged(
        """
        FROM node:20
        RUN corepack enable
        RUN yarn install
        """,
        because="corepack may bring a later yarn",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN yarn install --production && yarn build && yarn cache clean
        """,
        because="the cache is cleaned already",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN --mount=type=cache,target=/usr/local/share/.cache yarn install --production
        """,
        because="the cache is in a mount",
    ),
    api.unchanged(
        """
        FROM node:20 AS build
        RUN yarn install --production
        FROM node:20
        COPY --from=build /app /app
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN yarn install --production
        RUN yarn install --production --offline
        """,
        because="a later install has nothing but the cache",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with=CACHE.programs, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        last = api.last_fetch(file, run, CACHE)
        if last is None:
            continue
        copies = api.yarn_fills_node_modules(file, run)
        if copies is False:
            continue
        yield api.Fix(
            title="clean yarn's cache in the RUN that filled it",
            edits=api.insert_command(run, last, f"{last.words[0].text} cache clean"),
            evidence=(
                api.proven("the install fills the cache, and nothing removes it here", run),
                (api.proven if copies else api.inferred)("this is yarn 1, which copies packages out of its cache", run),
            ),
            span=run.span,
        )
