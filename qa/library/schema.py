"""The library's tables. Every change here needs a new SCHEMA_VERSION and a migration from the previous version."""

from __future__ import annotations

APPLICATION_ID = 0x44415445  # "DATE"
SCHEMA_VERSION = 9
DERIVED = 7
"""The first schema whose derived rows are those of today: what an older one has derived is computed again."""

# Who speaks in which sentence. Filters by speaker, and lists of what a speaker said, are read from this table.
_SAID = (
    """CREATE TABLE said (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, sentence INTEGER NOT NULL,
        speaker TEXT NOT NULL, PRIMARY KEY (article_id, sentence, speaker)
    ) WITHOUT ROWID""",
    "CREATE INDEX said_speaker ON said (speaker, article_id)",
)
# Which sentences correct something, and a key of what they correct. See ``english.corrections.note_rows``.
_NOTES = (
    """CREATE TABLE notes (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, sentence INTEGER NOT NULL, kind TEXT NOT NULL,
        key TEXT NOT NULL, PRIMARY KEY (article_id, sentence, kind, key)
    ) WITHOUT ROWID""",
    "CREATE INDEX notes_key ON notes (key, article_id)",
)
# The text of an article and its parsed layers. ``layers`` is what ``Document.dump`` writes, ``parser`` the version of
# the parser that made them, ``faults`` a JSON object: the name of each layer that could not be read, and why.
_DOCUMENTS = """CREATE TABLE documents (
        article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL,
        body_start INTEGER NOT NULL, parser INTEGER NOT NULL, layers TEXT NOT NULL, faults TEXT NOT NULL
    )"""
# Which articles are still to be parsed. Without it, the question would read all texts.
_TO_PARSE = "CREATE INDEX documents_parser ON documents (parser)"
# What each file and address was like when all its articles were stored: an ingest passes over what has not changed.
_SOURCES = "CREATE TABLE sources (place TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID"
# What readers say of an article in place of what its source states, and what that is: a ``model.Edit`` in JSON.
_EDITS = """CREATE TABLE edits (
        article_id TEXT PRIMARY KEY, given TEXT NOT NULL, stated TEXT NOT NULL
    ) WITHOUT ROWID"""
# Filters and coverage by outlet and day only read these indices. The last one lists the earlier versions.
_INDICES = (
    "CREATE INDEX articles_place ON articles (source, published_day, current_id, shown_from, shown_until)",
    "CREATE INDEX articles_day ON articles (published_day, current_id)",
    "CREATE INDEX articles_earlier ON articles (current_id) WHERE current_id IS NOT NULL",
)
# ``text`` has the chunks of the newest versions, ``earlier`` those of earlier ones. So a search finds the newest ones
# alone, and knows how rare a word is in them.
_FULL_TEXT = (
    "CREATE VIRTUAL TABLE chunks_fts USING fts5(text, earlier, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE chunks_vocab USING fts5vocab(chunks_fts, 'col')",
)

OF_AN_ARTICLE = ("documents", "sentences", "said", "notes", "chunks")
"""The tables whose rows belong to an article, by ``article_id``."""

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0')",
    # Each revision has a random token. Two libraries that were once the same (a copy, a restored backup) may both have
    # a revision 7, and an index or cache of one must not be used for the other.
    "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, token TEXT NOT NULL)",
    "INSERT INTO revisions VALUES (0, lower(hex(randomblob(8))))",
    # Without the text: foreign keys and joins look up articles here and should not read megabytes to do so.
    # An earlier version of an article is a row as well. ``current_id`` is then the id of the article, else NULL.
    # ``added`` and ``replaced`` are instants (UTC), ``shown_from`` and ``shown_until`` (exclusive) the days between
    # which the world saw it, ``changed`` the day since which it reads so, if it read otherwise before. See lifetime.py.
    # ``opening`` has the first words of a story without a headline.
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT, source TEXT, authors TEXT NOT NULL, url TEXT,
        published TEXT, published_day TEXT, language TEXT, status TEXT NOT NULL, origin TEXT, modified TEXT,
        current_id TEXT, added TEXT, replaced TEXT, shown_from TEXT, shown_until TEXT, changed TEXT,
        opening TEXT) WITHOUT ROWID""",
    *_INDICES,
    _DOCUMENTS,
    _TO_PARSE,
    # Code-point offsets into documents.text. The text of a sentence is not stored again.
    """CREATE TABLE sentences (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, idx INTEGER NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL, PRIMARY KEY (article_id, idx)
    ) WITHOUT ROWID""",
    # AUTOINCREMENT never uses an id twice, so an outdated index cannot mistake one chunk for another. ``revision`` is
    # the one in which the chunk was stored; 0 for a chunk of an earlier version, which is not in the index.
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
    *_FULL_TEXT,
    *_SAID,
    *_NOTES,
    _SOURCES,
    _EDITS,
)

# Each entry migrates from the version in its key to the next version. After the last step from a version below DERIVED,
# ``derived.rebuild`` fills the derived tables (said, the layers in documents, the full-text index), because no SQL
# statement analyses a text.
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
    5: (
        *(
            f"ALTER TABLE articles ADD COLUMN {column} TEXT"
            for column in ("modified", "current_id", "added", "replaced", "shown_from", "shown_until", "changed")
        ),
        # When an article was stored is not known. It is certain that the library holds it since now.
        "UPDATE articles SET shown_from = published_day, added = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'",
        "DROP INDEX articles_place",
        "DROP INDEX articles_day",
        *_INDICES,
        "DROP TABLE chunks_vocab",
        "DROP TABLE chunks_fts",
        *_FULL_TEXT,
        *_NOTES,
    ),
    6: ("ALTER TABLE articles ADD COLUMN opening TEXT", _EDITS),
    7: (_TO_PARSE,),
    8: (),  # only PostgreSQL changes
}

# PostgreSQL. The tables are those of SQLite, so that one SQL reads both; only the index of words differs. Texts are
# compared by their code points (COLLATE "C"), as SQLite does. Foreign keys can wait for the commit, because articles
# change their ids.
# Which chunks contain a word, packed; see ``postings``. Rows grow often, so a page keeps room for their new versions.
_POSTINGS = (
    """CREATE TABLE postings (word TEXT COLLATE "C" NOT NULL, block INTEGER NOT NULL, packed BYTEA NOT NULL,
        PRIMARY KEY (word, block)) WITH (fillfactor = 70)""",
    "ALTER TABLE postings ALTER COLUMN packed SET STORAGE EXTERNAL",  # what is compressed takes longer to read
)
_ARTICLE = 'TEXT COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE DEFERRABLE'
POSTGRES = (
    # The id is that of this library alone: a copy has another one.
    "CREATE TABLE about (schema INTEGER NOT NULL, id TEXT NOT NULL)",
    f"INSERT INTO about VALUES ({SCHEMA_VERSION}, gen_random_uuid()::text)",
    'CREATE TABLE meta (key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL)',
    "INSERT INTO meta VALUES ('revision', '0')",
    "CREATE TABLE revisions (revision BIGINT PRIMARY KEY, token TEXT NOT NULL)",
    """CREATE TABLE articles (
        id TEXT COLLATE "C" PRIMARY KEY, version TEXT COLLATE "C" NOT NULL, title TEXT COLLATE "C",
        source TEXT COLLATE "C", authors TEXT NOT NULL, url TEXT, published TEXT COLLATE "C",
        published_day TEXT COLLATE "C", language TEXT, status TEXT NOT NULL, origin TEXT COLLATE "C", modified TEXT,
        current_id TEXT COLLATE "C", added TEXT COLLATE "C", replaced TEXT COLLATE "C", shown_from TEXT COLLATE "C",
        shown_until TEXT COLLATE "C", changed TEXT COLLATE "C", opening TEXT)""",
    *_INDICES,
    f"""CREATE TABLE documents (
        article_id {_ARTICLE} PRIMARY KEY, text TEXT NOT NULL, body_start INTEGER NOT NULL, parser INTEGER NOT NULL,
        layers JSON NOT NULL, faults JSON NOT NULL)""",
    _TO_PARSE,
    f"""CREATE TABLE sentences (
        article_id {_ARTICLE}, idx INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        PRIMARY KEY (article_id, idx))""",
    # Ids come from a sequence, so none is used twice, even by writers that fail.
    f"""CREATE TABLE chunks (
        id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, article_id {_ARTICLE}, idx INTEGER NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, tokens INTEGER NOT NULL, text TEXT NOT NULL,
        text_hash TEXT COLLATE "C" NOT NULL, vector BYTEA NOT NULL, revision BIGINT NOT NULL)""",
    "ALTER TABLE chunks ALTER COLUMN vector SET STORAGE EXTERNAL",  # vectors cannot be compressed
    "CREATE INDEX chunks_article ON chunks (article_id)",
    "CREATE INDEX chunks_revision ON chunks (revision, id)",
    "CREATE INDEX chunks_hash ON chunks (text_hash)",
    "CREATE TABLE removed (chunk_id BIGINT NOT NULL, revision BIGINT NOT NULL)",
    "CREATE INDEX removed_revision ON removed (revision)",
    f"""CREATE TABLE said (
        article_id {_ARTICLE}, sentence INTEGER NOT NULL, speaker TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (article_id, sentence, speaker))""",
    "CREATE INDEX said_speaker ON said (speaker, article_id)",
    f"""CREATE TABLE notes (
        article_id {_ARTICLE}, sentence INTEGER NOT NULL, kind TEXT COLLATE "C" NOT NULL,
        key TEXT COLLATE "C" NOT NULL, PRIMARY KEY (article_id, sentence, kind, key))""",
    "CREATE INDEX notes_key ON notes (key, article_id)",
    'CREATE TABLE sources (place TEXT COLLATE "C" PRIMARY KEY, stamp TEXT NOT NULL)',
    'CREATE TABLE edits (article_id TEXT COLLATE "C" PRIMARY KEY, given TEXT NOT NULL, stated TEXT NOT NULL)',
    # The words of a chunk with their places, for phrases; how many there are; and the hash of the text they come from.
    """CREATE TABLE full_text (
        chunk_id BIGINT PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, earlier BOOLEAN NOT NULL,
        length INTEGER NOT NULL, text_hash TEXT NOT NULL, words TSVECTOR NOT NULL)""",
    "CREATE INDEX full_text_words ON full_text USING gin (words)",
    *_POSTINGS,
    # In how many chunks a word is, and how many chunks and words there are in all.
    """CREATE TABLE words (word TEXT COLLATE "C" PRIMARY KEY, newest INTEGER NOT NULL, earlier INTEGER NOT NULL)
        WITH (fillfactor = 70)""",
    "CREATE TABLE totals (chunks BIGINT NOT NULL, length BIGINT NOT NULL)",
    "INSERT INTO totals VALUES (0, 0)",
    # What the processes that ingest at once have to do: a row is locked by the one that does it.
    'CREATE TABLE jobs (place TEXT COLLATE "C" PRIMARY KEY)',
    # The stamp of the index on a Chroma server, by its address: all machines share it.
    "CREATE TABLE builds (server TEXT PRIMARY KEY, stamp TEXT NOT NULL)",
)

# From the version in the key to the next one, as for SQLite. A shared library was never older than version 7.
POSTGRES_MIGRATIONS: dict[int, tuple[str, ...]] = {
    7: (_TO_PARSE,),
    8: (
        "ALTER TABLE postings RENAME TO single_postings",
        "ALTER INDEX postings_pkey RENAME TO single_postings_pkey",
        *_POSTINGS,
        """INSERT INTO postings SELECT word, (chunk_id >> 12)::integer, string_agg(int2send((chunk_id & 4095)::smallint)
            || int2send((times + CASE WHEN earlier THEN 16384 ELSE 0 END)::smallint)
            || int2send(least(length, 32767)::smallint), ''::bytea) FROM single_postings GROUP BY 1, 2""",
        "DROP TABLE single_postings",
    ),
}
