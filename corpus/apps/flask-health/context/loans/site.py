"""GET /members/ada: the books that somebody has at home."""

from flask import Flask

from loans.checks import checks
from loans.shelf import due

site = Flask(__name__)
site.register_blueprint(checks)


@site.get("/members/<name>")
def member(name):
    return "".join(f"{title}, due on {day}\n" for title, day in due(name)), {"Content-Type": "text/plain"}
