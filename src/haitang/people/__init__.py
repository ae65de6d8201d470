"""Who people are to the platform: persons, their posts, their accounts, and what each account may do where.

An account may do nothing by itself; every permission comes from a grant: a role (or one permission) over a part of
the territory or an organization, for a period. Not for: residents as a register, opinions, attendance, ranking.
"""
