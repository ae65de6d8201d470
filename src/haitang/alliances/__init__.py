"""What ties units and communities: committees that sit together, links with a yearly agreement, alliances, branches.

Who is linked to whom, and since when, is said in `organizations`; here stands what the two have agreed on for a year,
what they did and what they say of each other. What a meeting decides becomes a project in `projects`. Needs and
resources belong to `exchange`.
"""
