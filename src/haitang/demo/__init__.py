"""The demo city: a fictional city with its organizations, people and some months of cases, built only through actions.

Plans are pure data from a seed (`geometry`, `city`, `units`, `timeline`); building carries them out and can be
interrupted and run again. Not for: real places, real people, or an installation in use.
"""
