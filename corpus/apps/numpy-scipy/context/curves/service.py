"""GET /fit and GET /area?until=4."""

from flask import Flask, request

from curves.fit import area, fit

app = Flask(__name__)


@app.get("/fit")
def show_fit():
    return {name: round(value, 2) for name, value in fit().items()}


@app.get("/area")
def show_area():
    return {"area": round(area(request.args.get("until", 1.0, float)), 2)}
