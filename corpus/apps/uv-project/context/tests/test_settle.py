from ledger.settle import Transfer, settle


def test_two_of_three_owe_the_third():
    assert settle({"ann": 900, "bob": 0, "cy": 0}) == [Transfer("bob", "ann", 300), Transfer("cy", "ann", 300)]


def test_nobody_owes_anything():
    assert settle({"ann": 5, "bob": 5}) == []
