"""GET /postage?grams=1500."""

from flask import Flask, request
from marshmallow import Schema, ValidationError, fields, validate

from parcels.rates import postage

app = Flask(__name__)


class Query(Schema):
    grams = fields.Integer(required=True, validate=validate.Range(min=1))


@app.get("/postage")
def show_postage():
    try:
        grams = Query().load(request.args)["grams"]
    except ValidationError as error:
        return error.messages, 400
    cents = postage(grams)
    return ({"error": "too heavy"}, 422) if cents is None else {"grams": grams, "cents": cents}
