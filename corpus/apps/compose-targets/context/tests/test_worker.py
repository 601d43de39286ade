from orders.worker import packing_list


def test_same_articles_are_added_up():
    assert packing_list() == ["1 x ink", "5 x tea"]
