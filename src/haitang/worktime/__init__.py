"""Working calendars and the four clocks: from a start, a limit and pauses to a deadline, exact to the minute.

Knows nothing of what is due. It never measures the time that people spend at work.
"""
