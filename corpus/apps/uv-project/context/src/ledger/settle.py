"""Turn what everybody paid into the fewest transfers."""

from typing import NamedTuple


class Transfer(NamedTuple):
    debtor: str
    creditor: str
    cents: int


def settle(paid: dict[str, int]) -> list[Transfer]:
    """The transfers after which everybody has paid the same, odd cents left with whoever paid most."""
    share = sum(paid.values()) // len(paid)
    owed = {name: cents - share for name, cents in paid.items()}
    transfers = []
    while True:
        debtor = min(owed, key=lambda name: (owed[name], name))
        creditor = max(owed, key=lambda name: (owed[name], name))
        cents = min(-owed[debtor], owed[creditor])
        if cents <= 0:
            return transfers
        owed[debtor] += cents
        owed[creditor] -= cents
        transfers.append(Transfer(debtor, creditor, cents))
