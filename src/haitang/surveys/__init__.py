"""Surveys: residents asked by questionnaire, counted with an honest interval, a low figure reviewed and asked again.

Not for: votes (they decide), call-backs about one case (callbacks), opinions on statements (opinion groups).
"""
