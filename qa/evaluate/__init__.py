"""Evaluation: gold questions, scorers, runs, statistics, gates and reports.

    gold ─resolve─▶ ResolvedCase ─run─▶ CaseResult (Answer + Score[]) ─summarise─▶ Record ─▶ gates · table · JSON · HTML

Scorers share no code with the system they judge. Otherwise a fault in its handling of words or numbers could stay
hidden.
"""
