"""From a question to a verified draft: plan, retrieve, draft or read, verify."""
