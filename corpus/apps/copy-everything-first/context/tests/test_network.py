from atlas import network


def test_lines_are_split_into_tracks(tmp_path, monkeypatch):
    monkeypatch.setattr(network, "DATABASE", tmp_path / "network.db")
    network.build()
    assert network.tracks()[-1] == ("hill", "Mill", "Summit")
    assert len(network.tracks()) == 5
