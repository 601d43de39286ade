"""GET /orders: what waits to be packed."""

import falcon

from orders.store import waiting


class Orders:
    def on_get(self, request, response):
        response.media = [{"article": article, "count": count} for article, count in waiting()]


application = falcon.App()
application.add_route("/orders", Orders())
