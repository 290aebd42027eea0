"""What a claim must stand up to, a module for each kind of fault. Every check is a pure function of its evidence.

A check takes an ``Evidence`` and returns what is wrong, or None. Each errs towards passing what it cannot read: it
looks for a contradiction it can name, and leaves what only meaning tells to the support judge.
"""
