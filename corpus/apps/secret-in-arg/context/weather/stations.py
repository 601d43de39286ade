"""Readings of the stations, and what makes one implausible."""

from statistics import median

READINGS = {"bridge": [4.1, 4.4, 3.9], "chapel": [2.0, 2.2, 17.5], "mill": [5.0, 5.1, 4.8]}


def summary():
    """The median of every station, and whether a reading is far from it."""
    result = {}
    for station, values in sorted(READINGS.items()):
        middle = median(values)
        result[station] = {"median": middle, "doubtful": any(abs(value - middle) > 5 for value in values)}
    return result
