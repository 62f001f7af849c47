"""The company's logo: a clean PNG for the pages that people outside see."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kam.lib.errors import InvalidInput
from kam.lib.png import SIGNATURE, clean_png
from kam.users.actions import LARGEST_LOGO, set_logo
from kam.users.models import Logo


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, side: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", side, 1, 8, 0, 0, 0, 0)
    picture = chunk(b"IDAT", zlib.compress(b"\0" + b"\0" * side))
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(extra) + picture + chunk(b"IEND", b"")


def test_metadata_is_taken_out_and_the_picture_stays():
    dirty = png(chunk(b"tEXt", b"Author\0Alice"), chunk(b"eXIf", b"place")) + b"trailing <script>"
    assert clean_png(dirty) == png()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"\xff\xd8\xff", SIGNATURE, png()[:-4], png()[:20] + b"x" + png()[21:], png(side=5000)],
)
def test_what_is_no_whole_png_is_refused(db, dana, content):
    with pytest.raises(InvalidInput):
        set_logo(content, by=dana)
    assert not Logo.objects.exists()


def test_a_large_file_is_refused(db, dana):
    with pytest.raises(InvalidInput):
        set_logo(png(chunk(b"IDAT", b"0" * LARGEST_LOGO)), by=dana)


def test_a_leader_sets_and_removes_it_on_the_companys_page(sign_in, dana):
    browser = sign_in(dana)
    browser.post("/settings/company/logo/", {"logo": SimpleUploadedFile("logo.png", png(), "image/png")})
    assert "data:image/png;base64," in browser.get("/settings/company/").content.decode()
    browser.post("/settings/company/logo/", {"remove": "1"})
    assert Logo.address() == ""


def test_nobody_else_sets_it(sign_in, alice):
    file = SimpleUploadedFile("logo.png", png(), "image/png")
    assert sign_in(alice).post("/settings/company/logo/", {"logo": file}).status_code == 403


def test_it_stands_on_the_pages_for_people_outside(client, db, dana):
    set_logo(png(), by=dana)
    assert "data:image/png;base64," in client.get(f"/r/{'x' * 43}/").content.decode()
