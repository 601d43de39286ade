"""The same work on a Dask cluster that is there; its workers need dockopt, and the same files in the same place."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from dockopt.batch.pool import Workers
from dockopt.errors import SettingsError

PREFIX = "dask://"
SECONDS_TO_ANSWER = 10


def cluster(address: str, told: Callable[[str], None]) -> Workers:
    """Workers at `dask://HOST:PORT`.

    Raises:
        SettingsError: the address is another kind's, Dask is not installed, or nobody answers.
    """
    if not address.startswith(PREFIX):
        raise SettingsError(f"--executor {address}: only {PREFIX}HOST:PORT is known")
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError("Dask is not installed; pip install 'dockopt[dask]' adds it") from error
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address.replace(PREFIX, "tcp://", 1), timeout=SECONDS_TO_ANSWER, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"--executor {address}: no scheduler answers there") from error
    number = sum(client.nthreads().values())
    if not number:
        raise SettingsError(f"--executor {address}: the scheduler has no workers")
    return Workers(lambda: _executor(client), number, told, elsewhere=True)


def _executor(client: Any) -> Executor:  # noqa: ANN401 - Dask has no types
    executor: Executor = client.get_executor(pure=False, retries=0)
    return executor
