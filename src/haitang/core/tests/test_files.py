"""store: whole or not there, once for the same content, and no name leads out of it."""

import pytest

from haitang.core import files
from haitang.core.errors import NotFound


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def test_what_is_stored_is_read_again_and_kept_once(root):
    names = {files.store("海棠".encode()) for _time in range(2)}
    assert len(names) == 1
    assert files.read(names.pop()).decode() == "海棠"
    assert len([path for path in root.rglob("*") if path.is_file()]) == 1


def test_a_file_cut_short_is_written_again(root):
    name = files.store(b"whole")
    files.path_for(name).write_bytes(b"who")
    files.store(b"whole")
    assert files.read(name) == b"whole"


def test_a_write_that_fails_leaves_nothing(root, monkeypatch):
    def full(_descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        files.store(b"whole")
    assert not [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a" * 64])
def test_what_is_not_there_is_not_found(name):
    with pytest.raises(NotFound):
        files.read(name)
