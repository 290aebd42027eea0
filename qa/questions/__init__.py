"""From a question as asked to a plan: follow-ups resolved, dates and speakers turned into filters."""
