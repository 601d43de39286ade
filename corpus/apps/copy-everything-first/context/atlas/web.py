"""GET /lines lists the tracks, GET /map.dot is the map laid out by Graphviz."""

import graphviz
from flask import Flask, Response

from atlas.network import tracks

app = Flask(__name__)


@app.get("/lines")
def lines():
    return Response("".join(f"{line}: {start} - {stop}\n" for line, start, stop in tracks()), mimetype="text/plain")


@app.get("/map.dot")
def draw():
    drawing = graphviz.Graph(graph_attr={"rankdir": "LR"})
    for line, start, stop in tracks():
        drawing.edge(start, stop, label=line)
    return Response(drawing.pipe(format="plain", encoding="utf-8"), mimetype="text/plain")
