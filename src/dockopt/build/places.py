"""What lies where in an image: the distribution's folders, folders of the user's own, downloads, lock files."""

import re

SYSTEM = re.compile(r"(?:boot|etc|run|tmp|var|usr(?!/(?:local|src)/)|s?bin|lib\d*)(?:/|$)")
"""Where the distribution's packages live: what their scripts make there comes and goes with them."""
INSTALLED = re.compile(r"/(?:node_modules|\.venv/(?:bin|lib))/")
"""What npm, uv and Poetry install beside the user's own files."""
_SHARED = re.compile(
    r"(?:boot|dev|etc|opt|proc|run|sys|tmp|var|usr(?!/src/)|s?bin|lib\w*|go/(?:bin|pkg))(?:/|$)|"
    r"usr/src/?$|go/?$|(?:root|home/[^/]+)/(?:\.|go/)|(?:root|home)/?$|home/[^/]+$|root$"
)
_DOWNLOADS = re.compile(
    r"(?:.*/)?(?:\.cache/(?:huggingface|torch|ms-playwright|puppeteer|whisper|clip|selenium)|nltk_data)/.*"
)
LOCKS = frozenset(
    {
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
        *(
            "poetry.lock",
            "Pipfile.lock",
            "uv.lock",
            "pdm.lock",
            "Gemfile.lock",
            "composer.lock",
            "Cargo.lock",
            "go.sum",
        ),
    }
)
"""Files that a package manager writes again, in its own form, whenever it installs."""


def is_users_place(path: str) -> bool:
    """Whether a path lies in a folder that only the file itself fills: /app, /srv/site, /usr/src/app, /home/me/app."""
    return _SHARED.match(path) is None and INSTALLED.search(f"/{path}/") is None


def is_download(path: str) -> bool:
    """Whether a path was fetched while building, to be read at run time: models, browsers."""
    return _DOWNLOADS.fullmatch(path) is not None
