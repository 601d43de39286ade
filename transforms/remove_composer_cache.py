r"""Run `composer clear-cache` in the `RUN` that filled Composer's cache.

Composer keeps every archive and every list of versions that it downloads in `~/.composer/cache` or
`~/.cache/composer`: about as much again as half of `vendor`.  A later `RUN` cannot win the space back.

`composer clear-cache` runs right behind the last install, and only if that succeeded, as the same user.  The fix is
safe because Composer downloads again what its cache does not hold.  It is left out where the cache is in a mount, moved
or switched off, where packages come from source repositories (whose clones may borrow from the cache), where a later
command works without network or takes the cache, in conditions and loops, and in stages whose layers nobody receives.
"""

from collections.abc import Iterator

from dockopt import api

CACHE = api.DownloadCache(
    programs=("composer", "composer.phar"),
    fills=frozenset({"install", "i", "update", "u", "upgrade", "require", "r", "create-project", "global"}),
    cleans=frozenset({"clear-cache", "clearcache", "cc"}),
    folders=(".composer/cache", ".cache/composer"),
    settings=("COMPOSER_CACHE", "COMPOSER_DISABLE_NETWORK", "cache-dir", "cache-files", "--no-cache", "prefer-source"),
)

EXAMPLES = (
    api.changes(
        """
        FROM php:8.4-cli
        RUN composer install --no-dev
        """,
        """
        FROM php:8.4-cli
        RUN composer install --no-dev && composer clear-cache
        """,
    ),
    api.changes(
        """
        FROM php:8.4-cli
        RUN cd /srv/app \\
            && composer install --no-dev \\
            # for the workers
            && composer require vendor/tool --quiet \\
            && composer dump-autoload
        """,
        """
        FROM php:8.4-cli
        RUN cd /srv/app \\
            && composer install --no-dev \\
            # for the workers
            && composer require vendor/tool --quiet \\
            && composer clear-cache \\
            && composer dump-autoload
        """,
    ),
    api.changes(
        """
        FROM php:8.4-cli
        RUN <<EOF
        set -e
        /usr/local/bin/composer install > /dev/null
        chown -R www-data vendor
        EOF
        """,
        """
        FROM php:8.4-cli
        RUN <<EOF
        set -e
        /usr/local/bin/composer install > /dev/null
        /usr/local/bin/composer clear-cache
        chown -R www-data vendor
        EOF
        """,
    ),
    api.changes(
        """
        FROM php:8.4-cli
        RUN composer install; chown -R www-data vendor
        RUN composer require vendor/tool
        """,
        """
        FROM php:8.4-cli
        RUN composer install && composer clear-cache; chown -R www-data vendor
        RUN composer require vendor/tool && composer clear-cache
        """,
    ),
    api.unchanged(
        """
        FROM php:8.4-cli
        RUN composer install && rm -rf ~/.composer
        """,
        because="the cache is removed already",
    ),
    api.unchanged(
        """
        FROM php:8.4-cli
        RUN --mount=type=cache,target=/tmp/cache composer install
        """,
        because="the cache may be in the mount",
    ),
    api.unchanged(
        """
        FROM php:8.4-cli
        ENV COMPOSER_CACHE_DIR=/dev/null
        RUN composer install
        """,
        because="the cache is switched off",
    ),
    api.unchanged(
        """
        FROM php:8.4-cli
        RUN composer install --prefer-source
        """,
        because="clones of repositories may borrow from the cache",
    ),
    api.unchanged(
        """
        FROM php:8.4-cli AS vendor
        RUN composer install
        FROM php:8.4-fpm
        COPY --from=vendor /app/vendor /app/vendor
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM php:8.4-cli
        RUN composer install
        RUN --network=none composer require vendor/tool
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
        yield api.Fix(
            title="clear Composer's cache in the RUN that filled it",
            edits=api.insert_command(run, last, f"{last.words[0].text} clear-cache"),
            evidence=(
                api.proven("the install fills the cache, and nothing removes it here", run),
                api.known("Composer downloads again what its cache does not hold (its command reference)", run),
            ),
            span=run.span,
        )
