"""The deployment: what the Dockerfile and compose.yaml promise, and their commands run without Docker."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from postgres_server import NOT_ROOT, programs
from serving import WAIT, free_port, until
from stories import STORY
from typer.main import get_command
from typer.testing import CliRunner

from qa.api.gate import UPLOAD_BYTES
from qa.cli import app as command
from qa.settings import Settings, SharedLibrary
from qa.version import __version__

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("dateline:")}
EXACT = re.compile(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?")

service_of = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


# -- compose.yaml ------------------------------------------------------------------------------------------------------


def test_the_services_are_those_of_a_shared_library() -> None:
    assert set(SERVICES) == {"postgres", "chroma", "api", "page", "proxy"}
    assert set(OURS) == {"chroma", "api", "page"}


@service_of
def test_a_service_has_only_the_rights_that_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if service == SERVICES["proxy"] else [])
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    user, group = map(int, service["user"].split(":"))
    assert user > 0
    assert group > 0
    assert not any(str(volume).startswith(("/", ".")) for volume in service.get("volumes", [])), (
        "no folder of the machine"
    )


@service_of
def test_a_service_is_watched_and_comes_back(service: dict[str, Any]) -> None:
    check = service["healthcheck"]
    assert check["test"][0] == "CMD", "no shell"
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"]["max-size"], "a log does not fill the disk"


@service_of
def test_an_image_has_an_exact_version(service: dict[str, Any]) -> None:
    assert EXACT.fullmatch(service["image"])
    assert not service["image"].startswith("dateline:") or service["image"] == f"dateline:{__version__}"


def test_others_reach_the_api_and_the_page_from_this_machine_alone_or_by_the_proxy() -> None:
    for name, service in SERVICES.items():
        ports = service.get("ports", [])
        assert bool(ports) == (name in {"api", "page", "proxy"})
        assert name == "proxy" or all(str(port).startswith("127.0.0.1:") for port in ports)
        assert ("outside" in service["networks"]) == bool(ports)
    assert SERVICES["proxy"]["profiles"] == ["public"], "nothing is opened to others unasked"
    assert SERVICES["proxy"]["networks"] == ["outside"], "it reaches neither PostgreSQL nor Chroma"
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_no_secret_is_written_down() -> None:
    secret = re.compile(r"password|key|token|secret", re.IGNORECASE)
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not secret.search(name) or str(value).startswith("/run/secrets/"), name
            assert "@" not in str(value) or ":" not in str(value).partition("://")[2].partition("@")[0], value
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert all(set(one) == {"file"} for one in COMPOSE["secrets"].values())
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not re.search(r"^(ENV|ARG)\b[^\n]*(PASSWORD|API_KEY|TOKEN|SECRET)", DOCKERFILE, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_that_exists(name: str) -> None:
    service = OURS[name]
    if "entrypoint" in service:
        (program,) = service["entrypoint"]
        shown = subprocess.run([beside(program), service["command"][0], "--help"], capture_output=True, text=True)
        assert all(option in shown.stdout for option in service["command"] if option.startswith("--"))
    else:
        called, *arguments = service["command"]
        get_command(command).commands[called].make_context(called, list(arguments))  # type: ignore[attr-defined]


def test_the_environment_sets_settings_that_exist() -> None:
    for service in OURS.values():
        for name, value in service.get("environment", {}).items():
            known = name.removeprefix("QA_").lower() in Settings.model_fields or name == "OPENAI_BASE_URL"
            assert known or name.startswith("STREAMLIT_"), name
            if name == "QA_LIBRARY":
                assert isinstance(Settings(library=value).library, SharedLibrary)


def test_each_health_check_asks_the_port_that_its_service_listens_on() -> None:
    for name, service in OURS.items():
        port = port_of(name)
        program, address = service["healthcheck"]["test"][1:]
        assert program == "healthy"
        assert address.startswith(f"http://127.0.0.1:{port}/")
        assert all(str(published).endswith(f":{port}") for published in service.get("ports", []))


def test_the_proxy_asks_for_a_login_in_front_of_the_page_and_leaves_tokens_to_the_api() -> None:
    rules = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    api, page = re.findall(r"^\thandle ([^\n]*)\{\n(.*?)^\t\}", rules, re.MULTILINE | re.DOTALL)
    assert api[0].strip() == "/v1/*"
    assert f"reverse_proxy api:{port_of('api')}" in api[1]
    assert f"max_size {-(-UPLOAD_BYTES // 1_000_000)}MB" in api[1], "the API says why a larger one is refused"
    assert "basic_auth" not in api[1]
    assert page[0].strip() == "", "whatever is not the API needs the login"
    assert page[1].index("basic_auth") < page[1].index(f"reverse_proxy page:{port_of('page')}")
    proxy = SERVICES["proxy"]
    assert set(re.findall(r"/run/secrets/(\w+)", rules)) == set(proxy["secrets"])
    listens = re.findall(r"https?_port (\d+)", rules)
    assert [port.partition(":")[2] for port in proxy["ports"]] == listens
    assert proxy["healthcheck"]["test"][-1] == f"http://127.0.0.1:{re.findall(r'^http://:([0-9]+)', rules, re.M)[0]}/"
    assert COMPOSE["configs"]["caddyfile"]["file"] == "Caddyfile"


def port_of(name: str) -> str:
    command = OURS[name]["command"]
    return str(command[command.index("--port") + 1])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "news.example"])
def test_the_page_listens_to_other_machines_only_if_a_proxy_asks_for_a_login(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listened: list[list[str]] = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda arguments, **_: listened.append(arguments))
    monkeypatch.setattr("qa.cli.page_server._make_ready", lambda: None)
    refused = CliRunner().invoke(command, ["app", "--host", host])
    assert refused.exit_code == 1
    assert "--behind-proxy" in refused.stderr
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", host)
    assert CliRunner().invoke(command, ["app"]).exit_code == 1, "nor by Streamlit's own setting"
    assert listened == []
    assert CliRunner().invoke(command, ["app", "--behind-proxy"]).exit_code == 0
    assert CliRunner().invoke(command, ["app", "--host", "localhost"]).exit_code == 0
    assert [one[one.index("--server.address") + 1] for one in listened] == [host, "localhost"]


# -- the image ---------------------------------------------------------------------------------------------------------


def test_every_stage_begins_with_an_exact_version() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2, "what builds is not in what runs"
    assert all(EXACT.fullmatch(stage) for stage in stages)
    assert stages[0].split(":")[1].startswith("3.11."), "the Python that constraints.txt was made with"


def test_the_image_runs_as_a_user_without_rights() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\S+)", last, re.MULTILINE)
    assert user == OURS["api"]["user"]
    before, after = last.split(f"USER {user}")
    assert not re.search(r"^(RUN|COPY|ADD) ", after, re.MULTILINE), "nothing belongs to it but /data"
    assert "--chown" not in before
    assert re.search(r'^HEALTHCHECK .* CMD \["healthy", ', last, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["dateline"\]', last, re.MULTILINE)


def test_packages_have_exact_versions() -> None:
    build = DOCKERFILE.rpartition("\nFROM ")[0]
    assert "PIP_CONSTRAINT=/src/constraints.txt" in build
    assert "curl" not in DOCKERFILE
    assert not re.search(r"^ADD ", DOCKERFILE, re.MULTILINE)
    extras = re.search(r'pip install "\.\[([a-z,]+)\]"', build)
    assert extras
    assert set(extras[1].split(",")) == {"api", "app", "mcp", "postgres"}


def test_the_image_gets_all_that_the_wheel_is_made_of_and_nothing_else() -> None:
    copied = re.findall(r"^COPY (?:--chmod=\d+ )?(?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert all((ROOT / source).exists() for source in sources)
    allowed = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    assert IGNORED[1] == "*", "all is left out"
    assert allowed == sources, "but what is copied"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], *project["project"]["license-files"]}
    assert needed | {"pyproject.toml", project["project"]["readme"]} <= sources
    left_out = [line for line in IGNORED if line.startswith("**/")]
    assert all(any(fnmatch(name, pattern) for pattern in left_out) for name in ("**/__pycache__", "**/x.pyc"))


# -- the scripts -------------------------------------------------------------------------------------------------------


def test_the_entrypoint_reads_secrets_from_files(tmp_path: Path) -> None:
    (tmp_path / "qa").write_text('#!/bin/sh\necho "$@|${PGPASSWORD-none}|${OPENAI_API_KEY-none}"\n')
    (tmp_path / "qa").chmod(0o755)
    known = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SECRETS": str(tmp_path)}

    def run() -> str:
        script = [ROOT / "deploy" / "entrypoint.sh", "ask", "two words"]
        return subprocess.run(script, env=known, capture_output=True, text=True, check=True).stdout.strip()

    assert run() == "ask two words|none|none"
    (tmp_path / "postgres_password").write_text("a $b\n")
    (tmp_path / "openai_api_key").touch()
    assert run() == "ask two words|a $b|none", "an empty file means that there is no model"
    (tmp_path / "openai_api_key").write_text("k\n")
    assert run() == "ask two words|a $b|k"


def test_the_health_check_fails_if_nobody_answers() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    assert (
        subprocess.run([sys.executable, ROOT / "deploy" / "healthy.py", address], capture_output=True).returncode == 1
    )


# -- docs/deploy.md ----------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_untried() -> None:
    assert "have not been run" in " ".join(PAGE.split())


def test_the_commands_of_the_page_exist() -> None:
    known = get_command(command).commands  # type: ignore[attr-defined]
    called = re.findall(r"docker compose [^\n]*?\b(?:run|exec) (?:--?\S+ )*(\w+) (?:dateline )?(\w+)", PAGE)
    assert called
    for service, name in called:
        assert service in SERVICES
        assert name in known or service == "postgres"
    assert set(re.findall(r"secrets/(\w+)", PAGE)) == set(COMPOSE["secrets"])


# -- all of it, without Docker -----------------------------------------------------------------------------------------


def beside(program: str) -> str:
    return str(Path(sys.executable).parent / program)


@contextmanager
def postgres(port: int, password: str) -> Iterator[None]:
    """Start PostgreSQL as its service does: with a password, and a database "dateline" of the user "dateline"."""
    folder = programs()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="dateline-deploy-"))  # pytest's folders are closed to the user of PostgreSQL
    root = os.getuid() == 0
    account = next(pwd.getpwnam(name) for name in NOT_ROOT) if root else pwd.getpwuid(os.getuid())
    who: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid} if root else {}
    home.chmod(0o755)
    (home / "password").write_text(password)
    for path in (home, home / "password"):
        os.chown(path, account.pw_uid, account.pw_gid)
    options = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    access = ["-D", home / "data", "-U", "dateline", "-A", "scram-sha-256", f"--pwfile={home / 'password'}"]
    subprocess.run([folder / "initdb", *access, *options], check=True, capture_output=True, cwd=home, **who)
    settings = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
    start = [folder / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w", "-o", settings, "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=home, **who)
    try:
        server = ["--host=127.0.0.1", f"--port={port}", "--username=dateline"]
        environment = {**os.environ, "PGPASSWORD": password}
        subprocess.run([folder / "createdb", *server, "dateline"], check=True, env=environment, cwd=home)
        subprocess.run([folder / "pg_isready", *server, "--dbname=dateline"], check=True, cwd=home)
        yield
    finally:
        stop = [folder / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd=home, **who)
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
def test_the_services_work_together(tmp_path: Path) -> None:
    """Commands, environment, secrets and health checks of compose.yaml, as processes of this machine."""
    ports = {name: free_port() for name in SERVICES}
    password = "not-a-good-one"
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "postgres_password").write_text(password + "\n")
    (tmp_path / "secrets" / "openai_api_key").touch()
    here = {
        "postgres:5432": f"127.0.0.1:{ports['postgres']}", "chroma:8000": f"127.0.0.1:{ports['chroma']}",
        "0.0.0.0": "127.0.0.1", "/data": str(tmp_path / "data"), "${QA_MODEL:-}": "", "${OPENAI_BASE_URL:-}": "",
    }  # fmt: skip

    def placed(word: str, name: str) -> str:
        for there, place in {**here, **dict.fromkeys(("8000", "8080", "8501"), str(ports[name]))}.items():
            word = word.replace(there, place)
        return word

    def environment(name: str) -> dict[str, str]:
        own = {key: placed(str(value), name) for key, value in OURS[name].get("environment", {}).items()}
        data = {"HOME": str(tmp_path / "data"), "XDG_DATA_HOME": str(tmp_path / "data")}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("QA_", "OPENAI_", "PG"))}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**kept, "PATH": path, **data, "SECRETS": str(tmp_path / "secrets"), **own}

    def run(name: str, *arguments: str) -> str:
        script = [ROOT / "deploy" / "entrypoint.sh", *arguments]
        done = subprocess.run(script, env=environment(name), capture_output=True, text=True, cwd=tmp_path, timeout=120)
        assert done.returncode == 0, done.stderr
        assert password not in done.stdout + done.stderr
        return done.stdout.strip()

    @contextmanager
    def started(name: str) -> Iterator[None]:
        service, log = OURS[name], tmp_path / f"{name}.log"
        first = [beside(one) for one in service.get("entrypoint", [])] or [str(ROOT / "deploy" / "entrypoint.sh")]
        words = [placed(word, name) for word in service["command"]]
        with log.open("w") as file:
            process = subprocess.Popen([*first, *words], env=environment(name), stdout=file, stderr=file, cwd=tmp_path)
        check = [sys.executable, str(ROOT / "deploy" / "healthy.py"), placed(service["healthcheck"]["test"][2], name)]
        try:
            until(lambda: process.poll() is not None or subprocess.run(check, capture_output=True).returncode == 0)
            assert process.poll() is None, log.read_text()
            yield
            assert password not in log.read_text()
        finally:
            process.terminate()
            process.wait(WAIT)

    (tmp_path / "data").mkdir()
    (tmp_path / "ferry.md").write_text(STORY, encoding="utf-8")
    with ExitStack() as stack:
        stack.enter_context(postgres(ports["postgres"], password))
        stack.enter_context(started("chroma"))
        token = run("api", "token", "create", "desk")
        stack.enter_context(started("api"))
        run("api", "ingest", str(tmp_path / "ferry.md"))
        url, headers = f"http://127.0.0.1:{ports['api']}", {"Authorization": f"Bearer {token}"}
        asked = {"question": "What did Mara Quist say the line loses on every crossing after dark?"}
        assert httpx.post(f"{url}/v1/answers", json=asked, timeout=WAIT).status_code == 401
        answer = httpx.post(f"{url}/v1/answers", json=asked, headers=headers, timeout=WAIT).json()
        assert "4,200 crowns" in answer["text"]
        stack.enter_context(started("page"))
        assert httpx.get(f"http://127.0.0.1:{ports['page']}/", timeout=WAIT).status_code == 200


def test_the_environment_of_a_service_names_no_other_host_than_a_service() -> None:
    def hosts(values: Mapping[str, Any]) -> set[str]:
        return {found for value in values.values() for found in re.findall(r"://(?:\w+@)?([a-z]+):\d", str(value))}

    assert all(hosts(service.get("environment", {})) <= set(SERVICES) for service in SERVICES.values())
