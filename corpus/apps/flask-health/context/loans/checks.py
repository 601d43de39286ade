"""GET /healthz: whether the service answers."""

from flask import Blueprint

checks = Blueprint("checks", __name__)


@checks.get("/healthz")
def healthy():
    return {"ok": True}
