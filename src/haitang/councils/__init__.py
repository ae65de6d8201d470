"""Deliberation (议事): residents raise a matter, a council talks about it, what it agrees on is followed until done.

Councils and their kinds are data. A meeting is called with an agenda, held with a quorum, minuted for the office and
summed up for everybody; what it resolves becomes a case, a project or a vote, and is settled when that is.
Those who take part may be drawn by lot so that anybody can draw again (`values.drawing`). Questions to the grid
secretary are answered within a time. Not for: what people think (`opinions`), votes, who came how often.
"""
