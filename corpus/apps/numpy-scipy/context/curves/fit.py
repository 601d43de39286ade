"""Fit an exponential decay to measurements, and integrate what was fitted."""

from pathlib import Path

import numpy as np
from scipy.integrate import quad
from scipy.optimize import curve_fit

MEASURED = Path(__file__).with_name("measured.csv")


def decay(time, amplitude, rate, floor):
    return amplitude * np.exp(-rate * time) + floor


def load():
    return np.loadtxt(MEASURED, delimiter=",", skiprows=1, unpack=True)


def fit():
    """Amplitude, rate and floor that fit the measurements best."""
    time, level = load()
    found, _ = curve_fit(decay, time, level, p0=(1.0, 1.0, 0.0))
    return dict(zip(("amplitude", "rate", "floor"), found.tolist(), strict=True))


def area(end):
    """What lies below the fitted curve up to a point in time."""
    values = fit()
    return quad(decay, 0.0, end, args=(values["amplitude"], values["rate"], values["floor"]))[0]
