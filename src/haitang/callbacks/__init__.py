"""Call-backs: after a case is closed its reporter is asked whether they were contacted, helped and content.

A task is made for every closure (jobs), worked off by call-back staff or answered by the reporter's own judgement; a
negative answer has the case done over by the same handler. What comes of it is counted for the rates of `indicators`.
"""
