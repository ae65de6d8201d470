"""Who can help: members and volunteers with their grid, skills and times, and the hours that belong to them.

Everybody here has agreed to stand here and can leave at any time. Kept are name, unit, branch, telephone and skills,
with what is needed to ask the right person; nobody is ranked, scored or watched.
"""
