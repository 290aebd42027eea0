"""What readers keep beside a library: conversations and notebooks, in a SQLite file of their own."""
