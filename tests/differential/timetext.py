"""Every form of timestamp that exports hold, read a second time: by regular expressions over the whole text, where the core has a scanner.

A text says an instant (an offset is in it), or a civil time whose zone and whose order of day and month are settled elsewhere. What names
no instant is None: 31 April is never 1 May. Seven fraction digits are kept, further ones cut off, never rounded.
"""
import re
from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

TICKS_SECOND = 10_000_000
TICKS_HOUR = 3600 * TICKS_SECOND
TICKS_DAY = 24 * TICKS_HOUR
MAX_TICKS = 3_155_378_975_999_999_999  # 9999-12-31T23:59:59.9999999Z
UNIX_EPOCH = 719_162 * TICKS_DAY


def ticks(year, month, day, hour=0, minute=0, second=0, fraction=0):
    """100 ns ticks since 0001-01-01T00:00Z; None for a date or time that the calendar does not have."""
    if hour > 23 or minute > 59 or second > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - 1
    except ValueError:
        return None
    return ((days * 24 + hour) * 3600 + minute * 60 + second) * TICKS_SECOND + fraction


def fraction_ticks(digits):
    """Seven digits are kept, further ones cut off, never rounded: 09:59:59.99999999 stays before ten."""
    return int((digits + "0000000")[:7]) if digits else 0


# Ticks when read day first and when read month first (equal where only one order is possible), whether an offset was applied, and what
# proves the order: "day", "month", or None where both are possible and nothing does. Dates that begin with the year need no proof: "".
Reading = namedtuple("Reading", "day_first month_first has_offset proof")

_DIGITS = {ord(first) + value: str(value) for first in "\u0660\u06f0" for value in range(10)}
_PLAIN = {**_DIGITS, 0x066B: ".", 0x060C: ",", 0x200E: None, 0x200F: None, 0x061C: None, 0xA0: " ", 0x2009: " ", 0x202F: " "}
_AM = ("am", "a.m.", "\u4e0a\u5348", "\u0635", "\u03c0.\u03bc.")
_PM = ("pm", "p.m.", "\u4e0b\u5348", "\u0645", "\u03bc.\u03bc.")
_HALF = "|".join(re.escape(word) for word in _AM + _PM)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_CLOCK_IN_WORDS = r"(?P<hour>\d{1,2}) h (?P<minute>\d\d) min (?P<second>\d\d)(?:[.,](?P<fraction>\d+))? s"
_BETWEEN = r"(?:[Tt]|,? +|,? +klo +)"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<mark>[-/.]) ?(?P<month>\d{1,2})(?P=mark) ?(?P<day>\d{1,2})\.?"
_YEAR_LAST = r"(?P<first>\d{1,2})(?P<mark>[-/.]) ?(?P<next>\d{1,2})(?P=mark) ?(?P<year>\d{4})\.?"
_KIBANA = r"(?P<name>[A-Za-z]{3}) (?P<day>\d{1,2}), (?P<year>\d{4}) @ "
_ZONE = r"(?: *(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?))?"
_TIME = r"(?:(?P<before>%s) ?)?(?:%s)(?: ?(?P<behind>%s))?" % (_HALF, _CLOCK, _HALF)
_FORMS = [re.compile(form, re.I | re.A) for form in (
    _YEAR_FIRST, _YEAR_FIRST + _BETWEEN + _TIME + _ZONE, _YEAR_FIRST + " +" + _CLOCK_IN_WORDS,
    _YEAR_FIRST + r"(?= ?(?:%s)) ?" % _HALF + _TIME, _YEAR_LAST, _YEAR_LAST + _BETWEEN + _TIME + _ZONE, _KIBANA + _CLOCK)]
_DOT_NET = re.compile(r"/Date\((-?\d+)\)/", re.A)


def epoch_ticks(number):
    """A count since 1970 in seconds, milliseconds, microseconds or nanoseconds, 64 bits with a sign; its size tells which for every date
    after 1973. Smaller numbers are no dates: a year alone must not become an evening of 1970."""
    size = abs(number)
    if size < 10**8 or size >= 2**63:
        return None
    for limit, multiply, divide in ((10**11, TICKS_SECOND, 1), (10**14, 10_000, 1), (10**17, 10, 1)):
        if size < limit:
            break
    else:
        multiply, divide = 1, 100
    at = UNIX_EPOCH + number * multiply // divide
    return at if 0 <= at <= MAX_TICKS else None


def read(text):
    """A Reading, or None where the text names no instant."""
    text = text.translate(_PLAIN).strip()
    dot_net = _DOT_NET.fullmatch(text)
    if dot_net:
        at = UNIX_EPOCH + int(dot_net.group(1)) * 10_000
        return Reading(at, at, True, "") if 0 <= at <= MAX_TICKS else None
    if re.fullmatch(r"-?\d+", text, re.A):
        at = epoch_ticks(int(text))
        return None if at is None else Reading(at, at, True, "")
    match = next((match for match in (form.fullmatch(text) for form in _FORMS) if match), None)
    if not match:
        return None
    part = match.groupdict()
    year, hour, minute, second = (int(part.get(name) or 0) for name in ("year", "hour", "minute", "second"))
    half = part.get("before") or part.get("behind") or ""
    if part.get("before") and part.get("behind"):
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() in _PM else 0)
    fraction = fraction_ticks(part.get("fraction"))
    offset = 0
    zone = part.get("zone")
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1) * 60 * TICKS_SECOND

    def instant_of(month, day):
        at = ticks(year, month, day, hour, minute, second, fraction)
        return None if at is None or not 0 <= at - offset <= MAX_TICKS else at - offset
    if part.get("name"):
        if part["name"].lower() not in _MONTHS:
            return None
        month, day, proof = _MONTHS.index(part["name"].lower()) + 1, int(part["day"]), ""
    elif part.get("month"):
        month, day, proof = int(part["month"]), int(part["day"]), ""
    else:
        first, following, proof = int(part["first"]), int(part["next"]), None
        if part["mark"] == "/" and half in ("AM", "PM"):
            proof = "month"  # a browser in en-US, and no other
        elif part["mark"] == "." or len(part.get("fraction") or "") == 3:
            proof = "day"
        elif first > 12:
            proof = "day"
        elif following > 12:
            proof = "month"
        if proof is None:
            either = instant_of(following, first), instant_of(first, following)
            return None if None in either else Reading(either[0], either[1], bool(zone), None)
        month, day = (first, following) if proof == "month" else (following, first)
    at = instant_of(month, day)
    return None if at is None else Reading(at, at, bool(zone), proof)


def settle(reading, order, zone):
    """Ticks in UTC, or None while the zone or the order of day and month is unknown; and what is odd about the local time, None or
    "ambiguous_time" or "skipped_time". order: "day", "month" or None. zone: minutes east of UTC, a ZoneInfo, or None: unknown."""
    if reading is None or not reading.has_offset and zone is None:
        return None, None
    if reading.day_first != reading.month_first and order is None:
        return None, None
    at = reading.month_first if order == "month" else reading.day_first
    seconds, odd = (0, None) if reading.has_offset else zone_reading(zone, at)
    at -= seconds * TICKS_SECOND
    return (at, odd) if 0 <= at <= MAX_TICKS else (None, None)


def zone_reading(zone, civil):
    """Seconds east of UTC of a local time, and what is odd about it. Where the clocks were put back the earlier instant counts, where they
    were put forward the offset from before: both are what Python calls fold 0. The second of the time decides: no zone changes in between."""
    if isinstance(zone, int):
        return zone * 60, None
    local = datetime(1, 1, 1) + timedelta(seconds=civil // TICKS_SECOND)
    before, after = (zone.utcoffset(local.replace(fold=fold)).total_seconds() for fold in (0, 1))
    return int(before), "ambiguous_time" if before > after else "skipped_time" if before < after else None


@lru_cache(maxsize=None)
def zone_changes(zone):
    """The zone's offsets as (seconds since 1970 from when on, seconds east of UTC), found day by day; the first holds from the beginning."""
    def offset(second):
        return int((datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=second)).astimezone(zone).utcoffset().total_seconds())
    found, days = [(None, offset(0))], (date(2100, 1, 1) - date(1970, 1, 1)).days
    for day in range(days):
        low, high = day * 86400, day * 86400 + 86400
        if offset(high) == found[-1][1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
        found.append((high, offset(high)))
    return found


def offset_text(seconds):
    minutes, second = divmod(abs(seconds), 60)
    return "%s%02d:%02d" % ("-" if seconds < 0 else "+", minutes // 60, minutes % 60) + (":%02d" % second if second else "")


def zone_data(changes):
    """The list as settings and reports hold it."""
    return [{"from": None if number == 0 else instant(UNIX_EPOCH + second * TICKS_SECOND), "offset": offset_text(seconds)}
            for number, (second, seconds) in enumerate(changes)]


def hour_of(at):
    """KQL bin(t, 1h): the full UTC hour at or before t, counted from the year 1, so it works before 1970 too."""
    return at // TICKS_HOUR * TICKS_HOUR


def instant(at):
    days, rest = divmod(at, TICKS_DAY)
    seconds, fraction = divmod(rest, TICKS_SECOND)
    day = date.fromordinal(days + 1)
    text = "%04d-%02d-%02dT%02d:%02d:%02d" % (day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60)
    if fraction:
        text += (".%07d" % fraction).rstrip("0")
    return text + "Z"


def duration(span):
    """1d2h, 45m10.5s, 0s: units from large to small, those of zero left out."""
    text = ""
    for unit, size in (("d", TICKS_DAY), ("h", TICKS_HOUR), ("m", 60 * TICKS_SECOND)):
        count, span = divmod(span, size)
        if count:
            text += "%d%s" % (count, unit)
    if span or not text:
        seconds, fraction = divmod(span, TICKS_SECOND)
        text += str(seconds) + ((".%07d" % fraction).rstrip("0") if fraction else "") + "s"
    return text


def parse_duration(text):
    match = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.(\d{1,7}))?s)?", text)
    if not match or not text:
        raise ValueError("not a duration: %r" % text)
    days, hours, minutes, seconds, digits = match.groups()
    return int(days or 0) * TICKS_DAY + int(hours or 0) * TICKS_HOUR + (int(minutes or 0) * 60 + int(seconds or 0)) * TICKS_SECOND + \
        fraction_ticks(digits or "")


def parse_zone(text):
    """Minutes east of UTC, or a zone by name."""
    match = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if not match:
        return ZoneInfo(text)
    return (int(match.group(2)) * 60 + int(match.group(3))) * (-1 if match.group(1) == "-" else 1)
