"""GET /stations: the summary as JSON."""

from bottle import Bottle

from weather.stations import summary

app = Bottle()
app.get("/stations", callback=summary)
