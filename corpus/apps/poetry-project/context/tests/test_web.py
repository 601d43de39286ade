from parcels.web import app


def test_too_heavy():
    assert app.test_client().get("/postage?grams=40000").status_code == 422


def test_next_larger_rate():
    assert app.test_client().get("/postage?grams=2001").json == {"grams": 2001, "cents": 749}
