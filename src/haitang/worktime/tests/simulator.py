"""The definition of a deadline, walked minute by minute: slow, and sharing no code with what it checks."""

from datetime import UTC, datetime, time, timedelta, timezone

from haitang.worktime.values import Clock, DayEnd, RollRule

CHINA = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)


class StillPaused(Exception):
    """The walk has met a pause without end."""


class Simulator:
    """Answers for one calendar and one set of pauses."""

    def __init__(self, calendar, pauses):
        self.calendar = calendar
        self.pauses = [p for p in pauses if p[1] is None or p[1] > p[0]]

    def hours(self, day):
        week = self.calendar.week
        if day in self.calendar.makeup_days:
            return week[day.weekday()] or next(hours for hours in week if hours)
        if day in self.calendar.holidays:
            return ()
        return week[day.weekday()]

    def in_office(self, minute):
        of_day = minute.hour * 60 + minute.minute
        return any(start <= of_day < end for start, end in self.hours(minute.date()))

    def is_paused(self, minute):
        return any(f < minute + MINUTE and (t is None or t > minute) for f, t in self.pauses)

    def check_not_forever(self, minute):
        if any(t is None and f <= minute for f, t in self.pauses):
            raise StillPaused

    def end_of(self, day):
        midnight = datetime.combine(day + timedelta(days=1), time(0), CHINA)
        if self.calendar.day_end is DayEnd.MIDNIGHT or not self.hours(day):
            return midnight
        return datetime.combine(day, time(0), CHINA) + timedelta(minutes=max(end for _start, end in self.hours(day)))

    def day_counts(self, day):
        last_minute = self.end_of(day) - MINUTE
        self.check_not_forever(last_minute)
        return not self.is_paused(last_minute)

    def deadline(self, start, limit):
        try:
            end = (
                self.in_days(start, limit)
                if limit.clock in ("work_day", "natural_day")
                else self.in_minutes(start, limit)
            )
        except StillPaused:
            return None
        return end.astimezone(UTC)

    def in_minutes(self, start, limit):
        minute = start.astimezone(CHINA)
        if minute.second or minute.microsecond:
            minute = minute.replace(second=0, microsecond=0) + MINUTE
        left = limit.amount
        while True:
            self.check_not_forever(minute)
            if not self.is_paused(minute) and (limit.clock is Clock.URGENT_HOUR or self.in_office(minute)):
                left -= 1
            minute += MINUTE
            if left == 0:
                return minute

    def in_days(self, start, limit):
        day = start.astimezone(CHINA).date()
        left = limit.amount
        while left:
            day += timedelta(days=1)
            if limit.clock is Clock.WORK_DAY and not self.hours(day):
                continue
            if self.day_counts(day):
                left -= 1
        if limit.clock is Clock.NATURAL_DAY and self.must_roll(day):
            day += timedelta(days=1)
            while not (self.hours(day) and self.day_counts(day)):
                day += timedelta(days=1)
        return self.end_of(day)

    def must_roll(self, day):
        if self.hours(day):
            return False
        if self.calendar.roll_rule is RollRule.REST_DAY:
            return True
        return self.calendar.roll_rule is RollRule.HOLIDAY and day in self.calendar.holidays

    def elapsed(self, start, end, clock):
        minute = start.astimezone(CHINA)
        if minute.second or minute.microsecond:
            minute = minute.replace(second=0, microsecond=0) + MINUTE
        counted = 0
        while minute + MINUTE <= end:
            office = clock in (Clock.WORK_HOUR, Clock.WORK_DAY)
            counted += not self.is_paused(minute) and (not office or self.in_office(minute))
            minute += MINUTE
        return counted
