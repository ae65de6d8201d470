"""What a release ships reaches the office with it, whether or not there are migrations."""

from haitang.runtime import prepare


def test_shipped_data_is_taken_over_when_it_changed_and_only_then(monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: called.append(name))
    monkeypatch.setattr(prepare.home, "directory", lambda: tmp_path)
    monkeypatch.setattr(prepare, "_must_migrate", lambda: False)
    monkeypatch.setattr(prepare, "collect_static", lambda: None)
    prepare.prepare(demo=False)
    assert called == ["migrate", "load_catalog"]
    prepare.prepare(demo=False)
    assert called == ["migrate", "load_catalog"]
    monkeypatch.setattr(prepare, "_shipped_data", lambda: "of another release")
    prepare.prepare(demo=False)
    assert called == ["migrate", "load_catalog"] * 2
