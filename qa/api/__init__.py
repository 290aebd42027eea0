"""The HTTP API: one library for programs and teams. ``create_app`` makes the application, ``qa serve`` runs it."""
