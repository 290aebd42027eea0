"""``qa app``: serve the page with Streamlit, and make it ready before the first reader comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from ..errors import SettingsError
from ..shipped import shipped

# A page is 110 small files. Each of them is handed between threads several times, and waits so long for its turn while
# another thread computes. Python's default is ten times as much.
TURN = 0.0005  # seconds


def page() -> Path:
    """Return the page's script: from the wheel, or from the checkout for an editable install."""
    return shipped("_app.py", "app.py")


def address(host: str | None, *, behind_proxy: bool) -> str:
    """Return the address to listen on. Raises SettingsError if others could reach it and nobody asks for a login.

    Args:
        host: as chosen; None: what Streamlit's own variable says, else loopback.
        behind_proxy: whoever starts the page says that a proxy in front of it asks for a login.
    """
    from ..api.options import is_loopback

    host = host or os.environ.get("STREAMLIT_SERVER_ADDRESS") or "127.0.0.1"
    if not behind_proxy and not is_loopback(host):
        raise SettingsError(
            f"On {host}, other machines can reach the page, and it has no login: whoever reaches it can read, add and "
            "delete articles. Put a proxy in front of it that asks for a login, then add --behind-proxy."
        )
    return host


def serve(port: int, environment: Mapping[str, str], host: str = "127.0.0.1") -> int:
    """Serve the page until interrupted. Returns the exit code. Raises SettingsError without Streamlit.

    The server runs in this process, whose environment and arguments it changes. ``environment`` has the settings.
    """
    if find_spec("streamlit") is None:
        raise SettingsError('The page needs Streamlit. Install it with: pip install "dateline-qa[app]"')
    from click import Abort
    from streamlit.web.cli import main

    os.environ.update(environment)
    sys.setswitchinterval(TURN)
    # It begins after the import above, because two threads must not import the same packages at once.
    Thread(target=_make_ready, name="dateline-starting").start()
    try:
        # .streamlit/config.toml next to the script has the other options: XSRF, limits, theme.
        main(["run", str(page()), "--server.address", host, "--server.port", str(port)], standalone_mode=False)
    except (KeyboardInterrupt, Abort):  # before the server itself listens for Ctrl-C
        return 130
    finally:
        _end_questions()
    return 0


def _end_questions() -> None:
    """End the questions that are being answered, or the process waits for their models. Uploads are read to the end."""
    from ..page import suggestions, threads

    threads.leave()
    suggestions.leave()


def _make_ready() -> None:
    from ..page import warm

    warm.begin()
