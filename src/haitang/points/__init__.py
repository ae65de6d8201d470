"""Points of volunteers, off unless a tenant turns them on: a double-entry account, earned by rules, spent under a lock.

For those who have agreed, of services that are on their record anyway. There is no list of people by points.
"""
