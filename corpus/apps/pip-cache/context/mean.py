import numpy
import requests

print("mean", numpy.arange(10).mean(), "with requests", requests.__version__)
