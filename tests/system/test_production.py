"""What the image and the compose file rely on: the deployment check is clean, static files get lasting names."""

import json
import re
import secrets
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from tests.running import ROOT, Installation

IN_TEMPLATES = {
    name
    for template in (ROOT / "templates").rglob("*.html")
    for name in re.findall(r"{% static ['\"]([^'\"#]+)", template.read_text())
}
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
NGINX = (ROOT / "deploy/nginx.conf").read_text()


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> Installation:
    folder = tmp_path_factory.mktemp("production")
    return Installation(
        folder,
        DATABASE_URL="postgres://kam:kam@127.0.0.1:1/kam",  # neither command asks it anything
        REDIS_URL="redis://127.0.0.1:1/0",
        KAM_BASE_URL="https://kam.example.com",
        TRUSTED_PROXY_COUNT="1",
        SECRET_KEY=secrets.token_urlsafe(64),
        STATIC_ROOT=str(folder / "static"),
    )


@pytest.fixture(scope="module")
def names(production) -> dict[str, str]:
    """Collect into a folder that does not exist yet, as the image's build does, and return name: hashed name."""
    production.manage("collectstatic", "--noinput", "-v", "0")
    manifest = Path(production.environment["STATIC_ROOT"], "staticfiles.json")
    return json.loads(manifest.read_text())["paths"]


def test_the_deployment_check_finds_nothing(production) -> None:
    production.manage("check", "--deploy", "--fail-level", "WARNING")


def test_a_first_collectstatic_gives_every_file_of_the_pages_a_lasting_name(names) -> None:
    hashed = {name for name in IN_TEMPLATES if re.search(r"\.[0-9a-f]{12}\.", names.get(name, ""))}
    assert hashed == IN_TEMPLATES


def test_pages_name_the_collected_files(production, names) -> None:
    code = "from django.templatetags.static import static; print(static('css/kam.css'))"
    assert production.manage("shell", "-v", "0", "-c", code).strip() == "/static/" + names["css/kam.css"]


def test_web_and_worker_need_no_package_that_only_the_suite_installs(production) -> None:
    for_tests = locked("requirements-dev.txt") - locked("requirements.txt")
    absent = [
        name for name, owners in packages_distributions().items() if for_tests.issuperset(map(plain, owners))
    ]
    code = f"""
import sys
sys.modules |= dict.fromkeys({absent})  # importing them fails
import gunicorn.app.wsgiapp, kam.urls, kam.wsgi
from django.core.cache import caches
from kam.celery import app
print(app.connection_for_write().transport.driver_type, type(caches["default"]).__name__)
"""
    assert "pytest" in absent
    assert production.manage("shell", "-v", "0", "-c", code).split() == ["redis", "RedisCache"]


def locked(file: str) -> set[str]:
    return set(map(plain, re.findall(r"^([\w.-]+)==", (ROOT / file).read_text(), re.MULTILINE)))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_database_is_healthy_once_it_answers_over_the_network() -> None:
    """While it is made, a server answers at the socket alone: migrate would start and fail."""
    assert "-h 127.0.0.1" in COMPOSE["services"]["db"]["healthcheck"]["test"][1]


def test_proxies_are_counted_as_the_example_of_env_says() -> None:
    """https needs one more before nginx, which keeps the addresses that it was told."""
    example = dict(re.findall(r"^(\w+)=(.*)", (ROOT / ".env.example").read_text(), re.M))
    assert (example["KAM_BASE_URL"][:8], example["TRUSTED_PROXY_COUNT"]) == ("https://", "2")
    assert example["KAM_PORT"] == "127.0.0.1:8080"  # a caller past the first proxy could name any address
    assert COMPOSE["services"]["web"]["environment"]["TRUSTED_PROXY_COUNT"] == "${TRUSTED_PROXY_COUNT:-1}"
    assert set(sent_by_nginx("X-Forwarded-For")) == {"$proxy_add_x_forwarded_for"}


def test_nginx_passes_on_the_port_that_forms_come_back_from() -> None:
    assert set(sent_by_nginx("Host")) == {"$http_host"}


def test_a_body_in_chunks_that_grew_too_large_is_passed_on_with_a_length() -> None:
    assert '"" 9223372036854775807;' in NGINX
    assert sent_by_nginx("Content-Length") == ["$refused_length"]


def test_nginx_looks_for_web_again_after_it_was_made_again() -> None:
    """A name in proxy_pass is looked up once, at the start; one in a variable as often as the resolver says."""
    assert "resolver 127.0.0.11 " in NGINX
    assert set(re.findall(r"proxy_pass (\S+);", NGINX)) == {"$web"}


def sent_by_nginx(header: str) -> list[str]:
    """Return what nginx.conf sets the header to; a location that sets one repeats them all."""
    return re.findall(rf"proxy_set_header {header} (\S+);", NGINX)


def test_no_service_writes_to_its_root_or_runs_as_root() -> None:
    ours = {"web", "worker", "beat", "migrate", "nginx"}  # their images name a user
    for name, service in COMPOSE["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert name in ours or service["user"] == {"db": "postgres", "redis": "redis"}[name]
    assert re.search(r"^USER (?!root)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
