"""``qa app``: run the page in Streamlit, in a separate process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ..errors import SettingsError
from ..shipped import shipped


def page() -> Path:
    """Return the page's script: from the wheel, or from the checkout for an editable install."""
    return shipped("_app.py", "app.py")


def serve(port: int, environment: Mapping[str, str]) -> int:
    """Serve the page on loopback until interrupted. Returns the exit code. Raises SettingsError without Streamlit."""
    if find_spec("streamlit") is None:
        raise SettingsError('The page needs Streamlit. Install it with: pip install "dateline-qa[app]"')
    # .streamlit/config.toml next to the script has the other options: loopback, XSRF, limits, theme.
    command = [sys.executable, "-m", "streamlit", "run", str(page()), "--server.port", str(port)]
    try:
        return subprocess.call(command, env={**os.environ, **environment})  # noqa: S603  # our own script and a number
    except KeyboardInterrupt:
        return 130
