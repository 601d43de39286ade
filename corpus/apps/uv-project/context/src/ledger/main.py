"""The service: GET /settle?paid=ann:30&paid=bob:0."""

from typing import Annotated

from fastapi import FastAPI, Query

from ledger.settings import Settings
from ledger.settle import settle

app = FastAPI()
settings = Settings()


@app.get("/settle")
def settle_up(paid: Annotated[list[str], Query()]) -> dict[str, object]:
    amounts = {name: round(float(amount) * 100) for name, _, amount in (one.partition(":") for one in paid)}
    lines = [f"{who} pays {whom} {cents / 100:.2f} {settings.currency}" for who, whom, cents in settle(amounts)]
    return {"transfers": lines}
