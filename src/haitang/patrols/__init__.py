"""A grid worker's day: checklists gone through on the spot, hazards put right, quarrels settled, homes visited.

What is counted here are tasks and never persons; nobody's time or place is kept.
"""
