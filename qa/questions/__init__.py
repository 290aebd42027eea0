"""Turns a question into a plan: follow-ups are resolved, and dates and speakers become filters."""
