"""What the logs say: the id of the request in every line, and nothing that opens a door."""

import io
import json
import logging
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from kam.lib.access_log import AccessLogger
from kam.lib.logs import formatter

ROOT = Path(__file__).parents[2]
TOKEN = "XotVBMUhL5WlojKi7shEwdqflDzuZpak"
ADDRESSES = (f"/setup/{TOKEN}/", f"/r/{TOKEN}/pdf/", f"/sign-in/password/reset/key/3-{TOKEN}/")


@pytest.fixture
def lines() -> Any:
    """What Django's own logger writes, as the product writes it."""
    stream, logger = io.StringIO(), logging.getLogger("django.request")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_refused_request_is_logged_with_the_id_of_its_answer(client: Any, lines: Any) -> None:
    answer = client.get("/api/v1/nosuch/")
    assert [line["request_id"] for line in lines()] == [answer["X-Request-ID"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_a_key_is_not_logged(client: Any, db: None, lines: Any, address: str) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", address)
    assert TOKEN not in str(lines()) and address.split(TOKEN)[1] in lines()[0]["event"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_web_server_logs_one_structured_line_a_request_without_the_key(capfd: Any, address: str) -> None:
    config = Config()
    config.set("accesslog", "-")
    logger = AccessLogger(config)
    answer = SimpleNamespace(status_code=404, headers=[("X-Request-ID", "abc12345")])
    logger.access(answer, SimpleNamespace(method="GET", path=address), {}, timedelta(milliseconds=12))
    line = json.loads(capfd.readouterr().out)
    told = {name: line[name] for name in ("event", "method", "status", "seconds", "request_id")}
    assert told == {
        "event": "request",
        "method": "GET",
        "status": 404,
        "seconds": 0.012,
        "request_id": "abc12345",
    }
    assert line["path"].startswith(address.split(TOKEN)[0][:3]) and TOKEN not in str(line)


def test_the_image_and_nginx_log_that_way() -> None:
    assert "kam.lib.access_log.AccessLogger" in (ROOT / "Dockerfile").read_text()
    nginx = (ROOT / "deploy/nginx.conf").read_text()
    assert re.search(r"access_log \S+ kam;", nginx)
    named = re.search(r'"~\^\(\?<before>([^)]*)\)', nginx)
    assert named and named[1].split("|") == [re.split(r"(?:3-)?" + TOKEN, one)[0] for one in ADDRESSES]
    assert "$request " not in nginx and "http_referer" not in nginx
