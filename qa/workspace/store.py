"""The SQLite file of a workspace. The only module of the workspace that imports sqlite3."""

import sqlite3  # noqa: F401
