"""The library's tables. A change here is a new SCHEMA_VERSION and a migration from the version before."""

APPLICATION_ID = 0x44415445  # "DATE"
SCHEMA_VERSION = 4

# Who speaks in which sentence. It follows from the texts, and makes filters by speaker and lists of their words exact.
_SAID = (
    """CREATE TABLE said (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, sentence INTEGER NOT NULL,
        speaker TEXT NOT NULL, PRIMARY KEY (article_id, sentence, speaker)
    ) WITHOUT ROWID""",
    "CREATE INDEX said_speaker ON said (speaker, article_id)",
)
FILL_SAID = (
    "INSERT INTO said SELECT a.id, json_extract(pair.value, '$[0]'), json_extract(pair.value, '$[1]')"
    " FROM articles a, json_each(spoken(a.text)) pair"
)
"""Fills ``said`` for all articles, or with a condition on ``a`` behind it for some."""

FILL_FTS = "INSERT INTO chunks_fts (rowid, text) SELECT id, searchable(text) FROM chunks"

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0')",
    # A random token a revision: two libraries that went apart (a copy, a restored backup) may both have a revision 7,
    # and an index or a cache of the one must never pass for the other's.
    "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
    "INSERT INTO revisions VALUES (0, lower(hex(randomblob(8))))",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT, source TEXT, authors TEXT NOT NULL, url TEXT,
        published TEXT, published_day TEXT, language TEXT, status TEXT NOT NULL, origin TEXT, text TEXT NOT NULL
    ) WITHOUT ROWID""",
    # Outlet and day without the text beside them: filters and coverage never read an article.
    "CREATE INDEX articles_place ON articles (source, published_day)",
    "CREATE INDEX articles_day ON articles (published_day)",
    # Code-point offsets into articles.text; the sentence's text is never stored twice.
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

# From the version that is the key to the next one.
MIGRATIONS = {
    1: (
        "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
        "INSERT INTO revisions SELECT CAST(value AS INTEGER), lower(hex(randomblob(8))) FROM meta WHERE key='revision'",
        "CREATE INDEX articles_place ON articles (source, published_day)",
    ),
    2: (*_SAID, FILL_SAID, "DELETE FROM chunks_fts", FILL_FTS),
    3: ("DELETE FROM chunks_fts", FILL_FTS),  # "Łódź" is indexed as "lodz"
}
