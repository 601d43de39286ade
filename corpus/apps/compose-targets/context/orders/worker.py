"""Print the packing list again and again; once with --once."""

import sys
import time
from collections import Counter

from orders.store import waiting


def packing_list():
    total = Counter()
    for article, count in waiting():
        total[article] += count
    return [f"{count} x {article}" for article, count in sorted(total.items())]


def main():
    while True:
        print("\n".join(packing_list()), flush=True)
        if "--once" in sys.argv:
            return
        time.sleep(60)


if __name__ == "__main__":
    main()
