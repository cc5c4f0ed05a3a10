"""The studio's routes over HTTP, without a browser."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import Server
from tests.studio.ui.reader import read
from tests.studio.walker import walk


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


Get = Callable[..., Answer]


@pytest.fixture
def get(server: Server) -> Get:
    """GET a path exactly as written: no client tidies ``..`` away."""

    def get(path: str, host: str = "127.0.0.1") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port)
        try:
            connection.request("GET", path, headers={"Host": host})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    return get


def test_the_page_answers(get: Get) -> None:
    page = get("/")
    assert page.status == 200
    assert b"Motion Studio" in page.body
    assert b"googleapis" not in page.body


def test_motion_is_binary_and_cacheable_for_ever(get: Get, server: Server) -> None:
    answer = get(f"/media/{server.media}")
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    received = read(answer.body)
    assert abs(received.root_positions - walk(1, 20).root_positions).max() < 1e-6
    assert len(received.header["contacts"]) == 4


def test_mirrored_motion_is_a_variant_of_its_own(get: Get, server: Server) -> None:
    answer = get(f"/media/{server.media}?mirror=1")
    assert "immutable" in answer.headers["Cache-Control"]
    received = read(answer.body)
    assert abs(received.rotations - walk(1, 20).mirror().rotations).max() < 1e-6


@pytest.mark.parametrize("key", ["0" * 64, "x", "..%2f..%2fetc%2fpasswd"])
def test_unknown_motion_is_not_found(get: Get, key: str) -> None:
    assert get(f"/media/{key}").status == 404


def test_a_download_needs_its_token(get: Get) -> None:
    assert get("/exports/guessed/walk.bvh").status == 404


def test_only_a_page_hears_of_changes(get: Get) -> None:
    answer = get("/pages/guessed/changes")
    assert answer.status == 404
    assert b"reload" in answer.body


def test_another_site_cannot_reach_in_by_name(get: Get) -> None:
    """A page elsewhere whose name resolves to this machine (DNS rebinding) is turned away."""
    assert get("/", host="evil.example").status == 400
    assert get("/", host="localhost:7860").status == 200


@pytest.mark.parametrize("up", ["..", "%2e%2e", "%2e%2e%2f.."])
@pytest.mark.parametrize("folder", ["assets/characters", "studio-panels", "studio-static"])
def test_no_folder_leads_out_of_itself(get: Get, folder: str, up: str) -> None:
    for path in (f"/{folder}/{up}/{up}/pyproject.toml", f"/{folder}/{up}/app.py"):
        body = get(path).body
        assert b"build-system" not in body
        assert b"create_app" not in body
