"""A sealed file opens for whom it was made, whole and as it was written, or not at all."""

import base64
import io
import json
import tracemalloc

import pytest

from haitang.core import envelope
from haitang.core.envelope import Passphrase, PrivateKey, PublicKey, Reader, Unopened, Writer

KEY = PrivateKey.new()
TAG = 16


def seal(contents: bytes, *recipients: envelope.Recipient, step: int = 999) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, recipients or [KEY.public])
    for at in range(0, len(contents), step):
        writer.write(contents[at : at + step])
    writer.close()
    return file.getvalue()


def open_(sealed: bytes, *openers: envelope.Opener) -> bytes:
    return Reader(io.BytesIO(sealed), openers or [KEY]).read()


def parts(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """The head of a sealed file, and its chunks."""
    head = sealed.index(b"\n", len(envelope.MAGIC)) + 1
    size = envelope.CHUNK + TAG
    return sealed[:head], [sealed[at : at + size] for at in range(head, len(sealed), size)]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(envelope, "CHUNK", 100)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 250, 1000])
@pytest.mark.parametrize("step", [7, 100, 5000])
def test_what_was_written_is_read(size, step):
    contents = bytes(n % 251 for n in range(size))
    sealed = seal(contents, step=step)
    assert open_(sealed) == contents
    reader, pieces = Reader(io.BytesIO(sealed), [KEY]), []
    while piece := reader.read(step):
        assert len(piece) <= step
        pieces.append(piece)
    assert b"".join(pieces) == contents


@pytest.mark.usefixtures("small")
def test_a_file_that_was_cut_off_anywhere_does_not_open():
    sealed = seal(bytes(250))
    for length in range(len(sealed)):
        with pytest.raises(Unopened):
            open_(sealed[:length])


@pytest.mark.usefixtures("small")
def test_a_file_cut_off_between_two_chunks_is_called_incomplete():
    head, chunks = parts(seal(bytes(250)))
    with pytest.raises(Unopened, match="不完整：后面缺了一部分"):
        open_(head + chunks[0])


@pytest.mark.usefixtures("small")
def test_a_file_of_which_any_byte_was_altered_does_not_open():
    sealed = seal(bytes(250))
    for at in range(len(sealed)):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(Unopened):
            open_(bytes(altered))


@pytest.mark.usefixtures("small")
def test_chunks_in_another_order_twice_or_too_many_do_not_open():
    head, (first, second, third) = parts(seal(bytes(range(250))))
    for wrong in (
        [second, first, third],
        [first, first, third],
        [first, third],
        [third],
        [first, second, third, third],
    ):
        with pytest.raises(Unopened, match="被改动或次序不对"):
            open_(head + b"".join(wrong))


@pytest.mark.usefixtures("small")
def test_a_chunk_of_another_file_does_not_open():
    head, chunks = parts(seal(bytes(250)))
    with pytest.raises(Unopened):
        open_(head + b"".join([*chunks[:2], parts(seal(bytes(250)))[1][2]]))


def test_it_opens_for_each_whom_it_is_for_and_for_nobody_else():
    other, phrase = PrivateKey.new(), Passphrase("海棠依旧，知否知否")
    sealed = seal(b"words", KEY.public, other.public, phrase)
    for opener in (KEY, other, phrase):
        assert open_(sealed, opener) == b"words"
    assert open_(sealed, PrivateKey.new(), other) == b"words"
    for stranger in (PrivateKey.new(), Passphrase("海棠依旧，知否知道")):
        with pytest.raises(Unopened, match="口令或私钥不对"):
            open_(sealed, stranger)
    with pytest.raises(Unopened, match="请给出口令或私钥"):
        Reader(io.BytesIO(sealed), [])


def test_the_same_contents_never_look_the_same():
    assert parts(seal(bytes(10)))[1] != parts(seal(bytes(10)))[1]


def test_a_made_up_header_does_not_take_the_memory():
    head, chunks = parts(seal(b"x", Passphrase("twelve letters")))
    header = json.loads(head[len(envelope.MAGIC) :])
    header["recipients"][0]["memory_kib"] = 2**30
    with pytest.raises(Unopened, match="超出允许的范围"):
        open_(envelope.MAGIC + json.dumps(header).encode() + b"\n" + chunks[0], Passphrase("twelve letters"))


@pytest.mark.parametrize(
    "header", [b"", b"[]\n", b"{}\n", b'{"cipher":"SM4-GCM","chunk":1048576,"recipients":[7]}\n', b"\xff\n", b"null\n"]
)
def test_what_is_no_header_is_refused(header):
    with pytest.raises(Unopened):
        open_(envelope.MAGIC + header)


def test_keys_are_written_so_that_a_slip_shows():
    assert PublicKey.parse(f" {KEY.public}\n") == KEY.public
    assert PrivateKey.parse(str(KEY)) == KEY
    assert str(KEY) not in repr(KEY)
    slipped = str(KEY.public)[:-1] + ("A" if str(KEY.public)[-1] != "A" else "B")
    for wrong in (slipped, str(KEY.public)[:-3], str(KEY), "", "haitang-public-!!"):
        with pytest.raises(Unopened, match="公钥写错了"):
            PublicKey.parse(wrong)


def test_a_key_that_agrees_on_nothing_is_refused():
    with pytest.raises(Unopened, match="公钥无效"):
        PublicKey(bytes(32)).wrap(bytes(16))
    head, chunks = parts(seal(b"x"))
    header = json.loads(head[len(envelope.MAGIC) :])
    header["recipients"][0]["share"] = base64.urlsafe_b64encode(bytes(32)).decode()
    with pytest.raises(Unopened, match="已损坏或被改动"):
        open_(envelope.MAGIC + json.dumps(header).encode() + b"\n" + chunks[0])


def test_memory_does_not_grow_with_the_file(tmp_path):
    piece, path = bytes(2**20), tmp_path / "long"
    tracemalloc.start()
    try:
        with path.open("wb") as file:
            writer = Writer(file, [KEY.public])
            for _ in range(24):
                writer.write(piece)
            writer.close()
        with path.open("rb") as file:
            reader, size = Reader(file, [KEY]), 0
            while read := reader.read(2**16):
                size += len(read)
        assert size == 24 * len(piece)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
