"""Answers to a question: the offline reader, the prompted model, lists of what somebody said, and abstentions."""
