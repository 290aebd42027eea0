"""Evaluation as a library: gold questions, scorers, runs, statistics, gates and reports.

    gold ─resolve─▶ ResolvedCase ─run─▶ CaseResult (Answer + Score[]) ─summarise─▶ Record ─▶ gates · table · JSON · HTML

Scorers share no code with what they judge: a fault in the reader's own word or number handling must not hide itself.
"""
