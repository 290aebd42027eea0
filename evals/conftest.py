"""``pytest evals``: the project's own gold and gates, on the plugin anyone can use."""

pytest_plugins = ("qa.evaluate.plugin",)
