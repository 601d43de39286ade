from flask import Flask, render_template, request

from shop.stock import at_most

app = Flask(__name__)


@app.get("/items")
def items():
    found = at_most(request.args.get("at_most", 100, type=int))
    return render_template("items.html", items=found)
