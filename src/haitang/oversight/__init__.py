"""Seeing to it that cases get on: pauses, extensions and returns that are asked for, urging and supervision, the ladder
that overdue cases climb, cases split into parts, and what stays open."""
