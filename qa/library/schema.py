"""The library's tables. Every change here needs a new SCHEMA_VERSION and a migration from the previous version."""

from __future__ import annotations

APPLICATION_ID = 0x44415445  # "DATE"
SCHEMA_VERSION = 5

# Who speaks in which sentence. Filters by speaker, and lists of what a speaker said, are read from this table.
_SAID = (
    """CREATE TABLE said (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, sentence INTEGER NOT NULL,
        speaker TEXT NOT NULL, PRIMARY KEY (article_id, sentence, speaker)
    ) WITHOUT ROWID""",
    "CREATE INDEX said_speaker ON said (speaker, article_id)",
)
# The text of an article and its parsed layers. ``layers`` is what ``Document.dump`` writes, ``parser`` the version of
# the parser that made them, ``faults`` a JSON object: the name of each layer that could not be read, and why.
_DOCUMENTS = """CREATE TABLE documents (
        article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL,
        body_start INTEGER NOT NULL, parser INTEGER NOT NULL, layers TEXT NOT NULL, faults TEXT NOT NULL
    )"""
# What each file and address was like when all its articles were stored: an ingest passes over what has not changed.
_SOURCES = "CREATE TABLE sources (place TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID"

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0')",
    # Each revision has a random token. Two libraries that were once the same (a copy, a restored backup) may both have
    # a revision 7, and an index or cache of one must not be used for the other.
    "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
    "INSERT INTO revisions VALUES (0, lower(hex(randomblob(8))))",
    # Without the text: foreign keys and joins look up articles here and should not read megabytes to do so.
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT, source TEXT, authors TEXT NOT NULL, url TEXT,
        published TEXT, published_day TEXT, language TEXT, status TEXT NOT NULL, origin TEXT) WITHOUT ROWID""",
    # Filters and coverage by outlet and day only read these indices.
    "CREATE INDEX articles_place ON articles (source, published_day)",
    "CREATE INDEX articles_day ON articles (published_day)",
    _DOCUMENTS,
    # Code-point offsets into documents.text. The text of a sentence is not stored again.
    """CREATE TABLE sentences (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, idx INTEGER NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL, PRIMARY KEY (article_id, idx)
    ) WITHOUT ROWID""",
    # AUTOINCREMENT never uses an id twice, so an outdated index cannot mistake one chunk for another.
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
    _SOURCES,
)

# Each entry migrates from the version in its key to the next version. After the last step, ``derived.rebuild`` fills
# the derived tables (said, the layers in documents, the full-text index), because no SQL statement analyses a text.
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
    4: (_SOURCES,),
}
