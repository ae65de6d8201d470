"""Rounds of micro-projects (和谐微实事): proposed, checked, judged by the council, voted on, carried out, evaluated.

A round is phases as data; each says what may be done while it lasts. What is chosen becomes a project.
"""
