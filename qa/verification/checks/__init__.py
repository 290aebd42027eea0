"""What a claim must stand up to, a module for each kind of error. Every check is a pure function of its evidence.

A check takes an ``Evidence`` and yields what it finds. Only what code can know for certain is a fault: a number, a day,
a name or a quotation that stands nowhere in what is cited. Who speaks, what is denied or only planned, what a number
counts: form suggests it and meaning decides it, so that is a doubt, and a judge settles it.
"""
