"""The library's tables. A change here is a new SCHEMA_VERSION and a migration from the version before."""

from __future__ import annotations

APPLICATION_ID = 0x44415445  # "DATE"
SCHEMA_VERSION = 4

# Who speaks in which sentence: it makes filters by speaker and lists of their words exact.
_SAID = (
    """CREATE TABLE said (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, sentence INTEGER NOT NULL,
        speaker TEXT NOT NULL, PRIMARY KEY (article_id, sentence, speaker)
    ) WITHOUT ROWID""",
    "CREATE INDEX said_speaker ON said (speaker, article_id)",
)
# The text of an article and what was read from it: ``layers`` as ``Document.dump`` writes them, ``parser`` the version
# that read them, ``faults`` a JSON object of what could not be read.
_DOCUMENTS = """CREATE TABLE documents (
        article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL,
        body_start INTEGER NOT NULL, parser INTEGER NOT NULL, layers TEXT NOT NULL, faults TEXT NOT NULL
    )"""

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0')",
    # A random token a revision: two libraries that went apart (a copy, a restored backup) may both have a revision 7,
    # and an index or a cache of the one must never pass for the other's.
    "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
    "INSERT INTO revisions VALUES (0, lower(hex(randomblob(8))))",
    # Without the text: what hangs on an article looks it up here, and must not walk through megabytes to do so.
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT, source TEXT, authors TEXT NOT NULL, url TEXT,
        published TEXT, published_day TEXT, language TEXT, status TEXT NOT NULL, origin TEXT) WITHOUT ROWID""",
    # Outlet and day: filters and coverage are answered from these alone.
    "CREATE INDEX articles_place ON articles (source, published_day)",
    "CREATE INDEX articles_day ON articles (published_day)",
    _DOCUMENTS,
    # Code-point offsets into documents.text; the sentence's text is never stored twice.
    """CREATE TABLE sentences (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, idx INTEGER NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL, PRIMARY KEY (article_id, idx)
    ) WITHOUT ROWID""",
    # AUTOINCREMENT: an id is never used again, so an index that lags behind can never mistake one chunk for another.
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
        idx INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, tokens INTEGER NOT NULL,
        text TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL, revision INTEGER NOT NULL
    )""",
    "CREATE INDEX chunks_article ON chunks (article_id)",
    "CREATE INDEX chunks_revision ON chunks (revision)",
    "CREATE INDEX chunks_hash ON chunks (text_hash)",
    "CREATE TABLE removed (chunk_id INTEGER NOT NULL, revision INTEGER NOT NULL)",
    "CREATE INDEX removed_revision ON removed (revision)",
    "CREATE VIRTUAL TABLE chunks_fts USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE chunks_vocab USING fts5vocab(chunks_fts, 'row')",
    *_SAID,
)

# From the version that is the key to the next one. After the last step, ``derived.rebuild`` fills what follows from the
# articles (said, documents' layers, the full-text index): no SQL reads a text.
MIGRATIONS = {
    1: (
        "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
        "INSERT INTO revisions SELECT CAST(value AS INTEGER), lower(hex(randomblob(8))) FROM meta WHERE key='revision'",
        "CREATE INDEX articles_place ON articles (source, published_day)",
    ),
    2: _SAID,
    3: (
        _DOCUMENTS,
        "INSERT INTO documents SELECT id, text, 0, 0, '', '{}' FROM articles",
        "ALTER TABLE articles DROP COLUMN text",
    ),
}
