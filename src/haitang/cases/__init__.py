"""The loop of a problem: it is reported, finds its grid, its desk and deadline, is handled, checked, closed and rated.

Not for: wishes answered by volunteers (services), needs matched with resources (exchange), decisions (participation).
"""
