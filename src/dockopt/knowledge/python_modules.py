"""Under which names the modules of Python distributions are imported.

Most modules are called as their distribution is, with underscores; the others are listed. Source: the top-level names
in the wheels of the index.
"""

IRREGULAR = dict(
    entry.split(":")
    for entry in (
        "attrs:attr,attrs beautifulsoup4:bs4 biopython:Bio brotlipy:brotli discord-py:discord"
        " djangorestframework:rest_framework djangorestframework-simplejwt:rest_framework_simplejwt"
        " django-allauth:allauth django-cors-headers:corsheaders django-crispy-forms:crispy_forms"
        " django-debug-toolbar:debug_toolbar django-environ:environ django-filter:django_filters"
        " django-ninja:ninja django-storages:storages django-stubs:mypy_django_plugin django-silk:silk"
        " dnspython:dns factory-boy:factory faiss-cpu:faiss gitpython:git google-cloud-storage:google"
        " grpcio:grpc grpcio-tools:grpc_tools levenshtein:Levenshtein mkdocs-material:material"
        " msgpack-python:msgpack mysqlclient:MySQLdb mysql-connector-python:mysql opencv-python:cv2"
        " opencv-python-headless:cv2 paho-mqtt:paho pillow:PIL protobuf:google psycopg2-binary:psycopg2"
        " py-cpuinfo:cpuinfo pycryptodome:Crypto pycryptodomex:Cryptodome pyjwt:jwt pymupdf:fitz,pymupdf"
        " pynacl:nacl pyopenssl:OpenSSL pyserial:serial python-dateutil:dateutil python-decouple:decouple"
        " python-dotenv:dotenv python-jose:jose python-json-logger:pythonjsonlogger python-magic:magic"
        " python-multipart:multipart,python_multipart python-slugify:slugify python-socketio:socketio"
        " python-telegram-bot:telegram python-engineio:engineio pyyaml:yaml,_yaml pyzmq:zmq"
        " scikit-image:skimage scikit-learn:sklearn setuptools:setuptools,pkg_resources,_distutils_hack"
        " tensorflow-cpu:tensorflow umap-learn:umap websocket-client:websocket zope-interface:zope"
        " gevent-websocket:geventwebsocket ruamel-yaml:ruamel antlr4-python3-runtime:antlr4 pypdf2:PyPDF2"
    ).split()
)
"""Distributions whose modules have other names."""

DEVELOPMENT = frozenset(
    "pytest pytest-cov pytest-mock pytest-asyncio pytest-xdist pytest-django pytest-flask pytest-env pytest-sugar"
    " pytest-randomly pytest-timeout pytest-httpx pytest-benchmark pytest-playwright pytest-aiohttp pytest-docker"
    " pytest-factoryboy pytest-freezegun pytest-watcher pytest-watch pytest-clarity coverage tox nox hypothesis"
    " mypy mypy-extensions pyright basedpyright ruff black isort flake8 pylint pyflakes pycodestyle autoflake autopep8"
    " bandit pydocstyle vulture radon yapf pre-commit commitizen bumpversion bump2version twine build wheel"
    " codespell djlint djhtml curlylint safety pip-audit pip-tools wemake-python-styleguide ty"
    " types-requests types-pyyaml types-python-dateutil types-redis types-setuptools types-toml types-pytz"
    " types-passlib types-python-jose types-ujson types-simplejson types-mock types-six types-markdown types-tabulate"
    " types-psycopg2 types-pymysql types-cachetools types-docutils types-paramiko types-protobuf types-jsonschema"
    " django-stubs djangorestframework-stubs sqlalchemy-stubs sqlalchemy2-stubs pandas-stubs boto3-stubs"
    " factory-boy faker freezegun time-machine respx responses moto httpretty vcrpy requests-mock mock httpx"
    " asgi-lifespan"
    " testcontainers schemathesis ipython ipdb pdbpp pudb debugpy poethepoet taskipy"
    " invoke mkdocs mkdocs-material mkdocstrings sphinx sphinx-rtd-theme furo pdoc jupyter jupyterlab notebook"
    " ipykernel django-debug-toolbar django-extensions django-silk django-browser-reload model-bakery syrupy"
    " beautifulsoup4 webtest aioresponses fakeredis playwright selenium docker livereload"
    " flake8-bugbear flake8-comprehensions pep8-naming snapshottest polyfactory dirty-equals inline-snapshot"
    " diff-cover deptry import-linter refurb pyupgrade semgrep yamllint sqlfluff interrogate".split()
)
"""Distributions that help to develop, whose modules and programs are known: named as they are, or in `IRREGULAR`."""


def modules_of(name: str) -> tuple[str, ...]:
    """The top-level modules of a normalised distribution name, as far as its name or the table tells."""
    listed = IRREGULAR.get(name)
    regular = name.replace("-", "_")
    return (
        (*listed.split(","), regular)
        if listed
        else (regular, name.partition("-")[0])
        if _is_shared(name)
        else (regular,)
    )


def _is_shared(name: str) -> bool:
    """Whether a distribution puts its modules into a package that it shares with others."""
    return name.startswith(("google-", "azure-", "zope-", "opentelemetry-", "jaraco-", "backports-", "sphinxcontrib-"))
