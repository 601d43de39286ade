"""A guest book: one page that shows the last visitors and notes a new one."""

import os

import psycopg2
from flask import Flask, request

app = Flask(__name__)
CREATE = "CREATE TABLE IF NOT EXISTS visits (name text, at timestamptz DEFAULT now())"


@app.get("/")
def visits() -> dict[str, list[str]]:
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("INSERT INTO visits (name) VALUES (%s)", (request.args.get("name", "somebody"),))
        cursor.execute("SELECT name FROM visits ORDER BY at DESC LIMIT 10")
        return {"visitors": [name for (name,) in cursor.fetchall()]}
