"""The ``qa`` command: its output, its error messages and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa import pipeline
from qa.cli import app


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pipeline.close_all()


def qa(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


def flat(text: str) -> str:
    return " ".join(text.split())


def test_ingest_then_ask_then_show(stories: Path) -> None:
    assert "2 added" in qa("ingest", stories).stdout
    asked = qa("ask", "Who called the plan a slap in the face?")
    assert "offline reader; nothing leaves this machine" in flat(asked.stderr)
    assert "[1] Coast Wire, 5 March 2026" in asked.stdout
    hint = next(line for line in asked.stdout.splitlines() if "qa show" in line).split()
    shown = qa("show", hint[2], "--sentence", hint[4])
    assert "slap in the face" in flat(shown.stdout)
    assert f"sentence {hint[4]}:" in shown.stdout


def test_an_answer_in_the_terminal_keeps_quoted_and_added_apart(stories: Path) -> None:
    out = flat(qa("ask", "-a", stories, "What will the Salthouse ferry line cut?").stdout)
    assert out.startswith("“The Salthouse ferry line will cut its evening sailings from April, its director Mara Quist")
    assert " said on Wednesday.” [1] [April: 2026; Wednesday: 4 March 2026 [2]] " in out
    assert "Coast Wire · 5 March 2026 · Mara Quist, reported" in out


def test_the_terminal_says_that_no_sentence_answers_and_shows_the_closest(stories: Path) -> None:
    out = flat(qa("ask", "-a", stories, "Which insurer covers the ferry line of Salthouse?").stdout)
    assert out.startswith("No sentence found that answers this. The articles touch on this but do not say.")
    assert "The closest sentences: “" in out
    assert "Coast Wire · 5 March 2026 · " in out


def test_json_output_is_the_public_data_model(stories: Path) -> None:
    from qa import Answer

    found = Answer.model_validate_json(qa("ask", "-a", stories, "--json", "Who is Mara Quist?").stdout)
    assert found.question == "Who is Mara Quist?"
    report = json.loads(qa("ingest", stories, "--json").stdout)
    assert (report["added"], report["skipped"]) == (2, [])
    listed = json.loads(qa("articles", "--json").stdout)
    assert [a["source"] for a in listed] == ["Coast Wire", "Salthouse Herald"]
    shown = json.loads(qa("show", "plough.md", "--json").stdout)
    assert all(shown["text"][s["start"] : s["end"]] == s["text"] for s in shown["sentences"])


def test_a_dry_run_shows_how_articles_would_be_read_and_stores_nothing(stories: Path, tmp_path: Path) -> None:
    library = tmp_path / "untouched"
    shown = flat(qa("ingest", "--dry-run", stories, "-l", library).stdout)
    assert "title Ferry line to cut evening sailings outlet Coast Wire" in shown
    assert "published 5 March 2026" in shown
    assert "2 articles would be read; nothing was stored." in shown
    assert not library.exists()
    first, *_ = json.loads(qa("ingest", "--dry-run", "--json", stories).stdout)
    assert first["article"]["source"] == "Coast Wire"
    assert first["article"]["words"] > 20


def test_unknown_names_of_fields_are_mapped(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Titel;Volltext;Tag\nQuay shut;The quay at Selm shut on Tuesday.;2026-03-03\n", "utf-8")
    assert "its fields: Titel, Volltext, Tag" in flat(qa("ingest", export, code=1).stderr)
    shown = qa("ingest", "--dry-run", export, "--map", "text=Volltext,title=Titel,date=Tag").stdout
    assert "title Quay shut" in flat(shown)
    assert "published 3 March 2026" in flat(shown)
    assert "write FIELD=NAME" in qa("ingest", export, "--map", "story=Volltext", code=1).stderr


def test_files_of_other_kinds_are_counted_and_named_when_asked(stories: Path) -> None:
    for name in ("a.png", "b.png", "c.zip"):
        (stories / name).write_bytes(b"\0")
    assert "3 files of other kinds left out: 2 .png, 1 .zip; --verbose names them" in flat(qa("ingest", stories).stdout)
    assert f"left out: {stories / 'c.zip'}" in qa("ingest", stories, "--verbose").stdout.replace("\n", "")


def test_an_address_is_not_fetched_offline() -> None:
    assert "which --offline forbids" in flat(qa("ingest", "--offline", "https://selm.example/", code=1).stderr)


def test_markdown_escapes_text_from_articles(tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("The mayor of Elm is Ada ![x](http://x.example/p.png) <b>Frost</b>.", "utf-8")
    out = qa("ask", "-a", tmp_path, "--markdown", "Who is the mayor of Elm?").stdout
    assert "\\!\\[x\\]" in out
    assert "Ada" in out
    assert re.findall(r"(?<!\\)[<>!\[\]]", out) == []


def test_brackets_in_articles_are_not_markup(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text("The mayor of Elm is [bold]Ada Frost[/bold] [1].", "utf-8")
    assert "[bold]Ada Frost[/bold] [1]" in flat(qa("ask", "-a", tmp_path, "Who is the mayor of Elm?").stdout)


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\x7f\u202e\u200b\u2066"


def harmless(text: str) -> bool:
    return not re.search(r"[^\n\t -~\u00a0-\U0010ffff]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


def test_no_control_characters_reach_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    row = {"title": f"Elm{HOSTILE}", "source": f"Wire{HOSTILE}", "text": f"The mayor of Elm is Ada{HOSTILE} Frost."}
    (folder / "evil.jsonl").write_text(json.dumps(row), "utf-8")
    (folder / "bad\x1b]0;owned\x07.txt").write_text("")
    ingested = qa("ingest", folder, code=3)
    found = json.loads(qa("articles", "--json").stdout)
    assert HOSTILE in found[0]["title"], "JSON keeps the text unchanged"
    printed = [
        ingested,
        qa("articles"),
        qa("show", found[0]["id"], "--sentence", 0),
        qa("ask", "Who is the mayor of Elm?"),
        qa("ask", "--markdown", "Who is the mayor of Elm?"),
        qa("ask", "-a", folder / "bad\x1b]0;owned\x07.txt", "Who?", code=1),
        qa("doctor", "--library", tmp_path / "\x1b[2J"),
    ]
    for result in printed:
        assert harmless(result.output), ascii(result.output)
        assert "\ufffd" in result.output


def test_to_text_has_no_control_characters(tmp_path: Path) -> None:
    from qa.render import to_text

    (tmp_path / "evil.txt").write_text(f"The mayor of Elm is Ada{HOSTILE}.", "utf-8")
    text = to_text(pipeline.answer("Who is the mayor of Elm?", articles=str(tmp_path)))
    assert harmless(text)
    assert "Ada\ufffd]0;owned\ufffd" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_show_highlights_the_right_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    lines = ["", "The quay shut.", "", "The \u200bboats waited.", "", "It rained.", ""]
    (tmp_path / "quay.txt").write_bytes(end.join(lines).encode())
    qa("ingest", tmp_path / "quay.txt")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    out = qa("show", "quay.txt", "--sentence", 1).stdout
    assert re.findall(r"\x1b\[7m(.*?)\x1b\[0m", out) == ["The boats waited."]
    assert "The quay shut.\n\n\x1b[7m" in out
    assert "\x1b[0m\n\nIt rained.\n" in out


@pytest.mark.parametrize("status", ["current", "corrected", "retracted", "superseded"])
def test_a_status_other_than_current_is_shown(tmp_path: Path, status: str) -> None:
    row = {"source": "Wire", "status": status, "text": "The mayor of Elm is Ada Frost."}
    (tmp_path / "elm.jsonl").write_text(json.dumps(row), "utf-8")
    out = qa("ask", "-a", tmp_path / "elm.jsonl", "Who is the mayor of Elm?").stdout
    assert ("Wire, undated [" + status + "]" in out) is (status != "current")


def test_errors_and_paths_are_not_wrapped(tmp_path: Path) -> None:
    path = tmp_path / ("a long name " * 12) / "nowhere.txt"
    assert str(path) in qa("ask", "-a", path, "Who?", code=1).stderr
    assert str(path) in qa("doctor", "--library", path).stdout


def test_unreadable_files_are_listed_and_the_exit_code_is_3(stories: Path) -> None:
    (stories / "empty.txt").write_text("")
    result = qa("ingest", stories, code=3)
    assert "2 added" in result.stdout
    assert "empty.txt" in flat(result.stdout)


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("ask", "Who?"), "qa ingest"),
        (("articles",), "qa ingest"),
        (("show", "x"), "qa ingest"),
        (("ask", "-a", "/nowhere", "Who?"), "no such"),
        (("ingest", "/nowhere"), "no such"),
        (("ask", "--model", "m", "Who?"), "OPENAI_API_KEY"),
        (("ingest", "--embedder", "magic", "."), "wordllama"),
    ],
)
def test_errors_are_one_line_that_names_the_remedy(arguments: tuple[str, ...], remedy: str) -> None:
    result = qa(*arguments, code=1)
    assert remedy in flat(result.stderr)
    assert "Traceback" not in result.output


def test_show_rejects_a_sentence_that_does_not_exist(stories: Path) -> None:
    qa("ingest", stories)
    assert "there is no 99" in flat(qa("show", "ferry.txt", "--sentence", 99, code=1).stderr)


def test_filters_are_passed_to_the_search(stories: Path) -> None:
    qa("ingest", stories)
    out = qa("ask", "--until", "2025-01-01", "Who is Mara Quist?", "--json").stdout
    assert json.loads(out)["abstention"]["reason"] == "outside_dates"
    qa("ask", "--since", "yesterday", "Who?", code=2)


@pytest.mark.usefixtures("ask_chroma")
def test_doctor_reports_and_repairs(stories: Path) -> None:
    assert "qa ingest" in flat(qa("doctor").stdout)
    qa("ingest", stories)
    library = json.loads(qa("doctor", "--json").stdout)["library"]
    (Path(library) / "index" / "stamp.json").unlink()
    assert "scored exactly" in json.loads(qa("doctor", "--json").stdout)["index"]
    assert "up to date" in json.loads(qa("doctor", "--fix", "--json").stdout)["index"]


def test_articles_are_removed_pruned_backed_up_and_restored(stories: Path, tmp_path: Path) -> None:
    qa("ingest", stories)
    backup = tmp_path / "news.backup"
    assert "digest" in qa("backup", backup).stdout
    qa("backup", backup, code=1)
    assert "Ferry line" in qa("articles", "remove", "ferry.txt").stdout
    assert "1 articles" in qa("articles").stdout
    assert "ferry" in flat(qa("articles", "remove", "ferry.txt", code=1).stderr)
    assert "--replace" in flat(qa("restore", backup, code=1).stderr)
    assert "kept as" in flat(qa("restore", backup, "--replace").stdout)
    assert "2 articles" in qa("articles").stdout
    (stories / "plough.md").unlink()
    assert "1 removed" in qa("ingest", stories, "--prune").stdout
    assert "1 articles" in qa("articles").stdout


def test_doctor_exits_with_1_if_something_is_wrong(stories: Path, tmp_path: Path) -> None:
    qa("ingest", stories)
    library = Path(json.loads(qa("doctor", "--json").stdout)["library"])
    (library / "library.sqlite3").write_bytes(b"no database" * 1000)
    assert "wrong:" in qa("doctor", code=1).stdout
    assert json.loads(qa("doctor", "--json", code=1).stdout)["faults"]


def test_libraries_are_separate(stories: Path, tmp_path: Path) -> None:
    qa("ingest", stories / "ferry.txt", "--library", tmp_path / "one")
    qa("ingest", stories / "plough.md", "--library", tmp_path / "two")
    assert "Coast Wire" not in qa("articles", "--library", tmp_path / "two").stdout


def imported_by(*arguments: str) -> set[str]:
    script = (
        "import sys\n"
        "try:\n    from qa.cli import main; sys.argv = ['qa', *sys.argv[1:]]; main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_imports_nothing_heavy() -> None:
    heavy = {"pydantic", "numpy", "chromadb", "openai", "wordllama", "tiktoken", "jinja2", "sqlite3", "yaml", "rich"}
    servers = {"streamlit", "fastapi", "uvicorn", "mcp", "httpx", "psycopg"}
    loaded = imported_by("--help")
    assert loaded & (heavy | servers) == set()
    ours = {name for name in loaded if name.startswith("qa.")}
    assert {name for name in ours if not name.startswith("qa.cli")} <= {"qa.version"}, "commands import late"


def test_an_offline_question_imports_no_client(stories: Path) -> None:
    loaded = imported_by("ask", "-a", str(stories), "Who is Mara Quist?")
    assert loaded & {"openai", "chromadb", "jinja2", "streamlit"} == set()
    assert "numpy" in loaded


def test_a_small_library_is_ingested_without_chroma(stories: Path) -> None:
    assert "chromadb" not in imported_by("ingest", str(stories)), "no question would use its index"
    about = json.loads(qa("doctor", "--json").stdout)
    assert "not needed" in about["index"]
    assert not (Path(about["library"]) / "index").exists()


def test_python_m_qa_runs_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "qa", "--help"], capture_output=True, text=True, check=True)
    assert "ingest" in done.stdout
