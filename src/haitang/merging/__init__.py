"""Merging: cases that are one matter are dealt with as one, and everybody who said so is told when it is solved.

Joining (并单) and parting (拆单), "me too" (我也遇到) with the priority that follows from it, repeated requests of one
person (重复), and what proves difficult (疑难). Which cases look alike is cases' own hint (cases.queries.similar).
"""
