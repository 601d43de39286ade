from weather.stations import summary


def test_one_wild_reading_is_doubtful():
    assert [name for name, station in summary().items() if station["doubtful"]] == ["chapel"]
