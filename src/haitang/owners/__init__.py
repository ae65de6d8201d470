"""Owners' joint decisions (业主共同决定): housing estates, who owns what, ballots, and results by the Civil Code.

The arithmetic of article 278 is `values.rules`: no models, whole numbers only. Owners' votes are named by law: who
has voted is known to who runs the vote, and each voter is told so before voting.
"""
