"""Indicators: rates and their composites over areas and periods, by formulas that are data, from the counters of cases.

Nothing is counted here: what a formula needs has been counted with the deed, so that a table costs the same over a
million cases. Only areas are compared, never people.
"""
