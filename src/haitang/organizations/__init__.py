"""Who there is: party, government, community, unit, property and social organizations in one registry.

Holds the three separate hierarchies (party, administrative, grid), dated links to areas and between
organizations, and the posts there are. Not here: who holds a post (people), and party-member files,
which belong to another system altogether.
"""
