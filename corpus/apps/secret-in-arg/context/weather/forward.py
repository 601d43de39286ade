"""Send the summary to another service."""

import sys

import requests

from weather.stations import summary


def forward(url):
    requests.post(url, json=summary(), timeout=10).raise_for_status()


if __name__ == "__main__":
    forward(sys.argv[1])
