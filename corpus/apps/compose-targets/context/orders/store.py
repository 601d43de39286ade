"""Where orders are kept: PostgreSQL if DATABASE_URL says where, otherwise a list in memory."""

import os

import psycopg2

QUEUED = [("tea", 2), ("ink", 1), ("tea", 3)]


def waiting():
    """Orders that nobody has packed, as (article, count)."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return list(QUEUED)
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("select article, count from orders where packed is null order by placed")
        return cursor.fetchall()
