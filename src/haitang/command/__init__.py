"""The staff's overview: the desk after sign-in, the map of open cases, and the figures.

It holds no rows of its own: everything is read through the doors of the apps below. Not for: comparing persons, or
ranking organizations and areas by a rate.
"""
