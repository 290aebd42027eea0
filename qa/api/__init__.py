"""The HTTP API, served by ``qa serve``."""
