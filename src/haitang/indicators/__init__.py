"""Indicators: rates and their composites over areas and periods, by formulas that are data, from the counters of cases.

What a formula needs of an area has been counted with the deed, and of an organization by a job behind the deeds, so
that a table costs the same over a million cases. Areas and organizations are compared, never people.
"""
