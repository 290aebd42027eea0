"""What a draft must pass before anybody sees it: checks, judges, one repair, numbered citations."""
