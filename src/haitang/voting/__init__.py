"""Votes that cannot be doubled, lost or traced: ballot papers, rolls, sealed envelopes, paper ballots, counting.

How a ballot stays secret, and what it is not protected against, stands in docs/decisions/0020-secret-ballots.md.
"""
