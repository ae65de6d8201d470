"""Opinion groups (意见征集): residents agree or disagree with one another's statements, and see who thinks alike.

A conversation has a question, an area and a time. Statements are seeded by staff, written by residents, and read by a
moderator who tells the author why one is not shown. Answers lie under a number that is made of the account and a key
of the conversation; the key is destroyed at the close, and numbers are drawn anew: see docs/dangers/personal-data.md.
Groups are found by `haitang.clustering`. Not for: decisions; nobody is bound by what comes out.
"""
