package jsonata

import (
	"math"
	"time"
)

var (
	dayNames   = []string{"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	monthNames = []string{
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December",
	}
)

const (
	dayMillis  = 24 * 60 * 60 * 1000
	weekMillis = 7 * dayMillis
	// maxMillis is how far from 1970 JavaScript's dates reach.
	maxMillis = 8.64e15
)

// dateOf gives the date of milliseconds since 1970; false beyond JavaScript's
// dates.
func dateOf(millis float64) (time.Time, bool) {
	if !(math.Abs(millis) <= maxMillis) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Trunc(millis))).UTC(), true
}

// utcYear is what Date.UTC makes of a year: the first hundred are those of the
// twentieth century. So the reference finds the weeks and the days of the year
// 36 where those of 1936 are, and so do we.
func utcYear(year int) int {
	if year >= 0 && year <= 99 {
		return year + 1900
	}
	return year
}

// monthStart is the first day of a month, in milliseconds; months count from 0 and
// may lie outside of the year.
func monthStart(year, month int) int64 {
	year += (month+12)/12 - 1
	return time.Date(utcYear(year), time.Month((month+12)%12+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
}

// firstWeek is when the first ISO week of a month begins: the one with its
// first Thursday.
func firstWeek(year, month int) int64 {
	start := monthStart(year, month)
	day := isoWeekday(time.UnixMilli(start).UTC())
	if day > 4 {
		return start + int64(8-day)*dayMillis
	}
	return start - int64(day-1)*dayMillis
}

func isoWeekday(t time.Time) int {
	if d := int(t.Weekday()); d > 0 {
		return d
	}
	return 7
}

func midnight(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(utcYear(y), m, d, 0, 0, 0, 0, time.UTC).UnixMilli()
}

// weekWithin gives the ISO week of a day in a span of months (a year or a
// month) that is at most weeks long.
func weekWithin(t time.Time, year, month, span, weeks int) int {
	today := midnight(t)
	week := func(start int64) float64 { return float64(today-start)/weekMillis + 1 }
	w := week(firstWeek(year, month))
	switch {
	case w > float64(weeks) && today >= firstWeek(year, month+span):
		return 1
	case w < 1:
		w = week(firstWeek(year, month-span))
	}
	return int(math.Floor(w))
}

// component gives a numeric component of a date.
func component(t time.Time, c byte) int {
	year, month, day := t.Date()
	switch c {
	case 'Y':
		return year
	case 'M':
		return int(month)
	case 'D':
		return day
	case 'd':
		return int((midnight(t)-monthStart(year, 0))/dayMillis) + 1
	case 'F':
		return isoWeekday(t)
	case 'W':
		return weekWithin(t, year, 0, 12, 52)
	case 'w':
		return weekWithin(t, year, int(month)-1, 1, 4)
	case 'X':
		return isoYear(t)
	case 'x':
		return isoMonth(t)
	case 'H':
		return t.Hour()
	case 'h':
		if h := t.Hour() % 12; h > 0 {
			return h
		}
		return 12
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	case 'f':
		return t.Nanosecond() / 1e6
	}
	return 0
}

// isoYear is the year to which a date's ISO week belongs.
func isoYear(t time.Time) int {
	year, now := t.Year(), t.UnixMilli()
	switch {
	case now < firstWeek(year, 0):
		return year - 1
	case now >= firstWeek(year+1, 0):
		return year + 1
	}
	return year
}

// isoMonth is the month to which a date's ISO week belongs.
func isoMonth(t time.Time) int {
	year, month, now := t.Year(), int(t.Month())-1, t.UnixMilli()
	switch {
	case now < firstWeek(year, month):
		month--
	case now >= firstWeek(year, month+1):
		month++
	}
	return (month+12)%12 + 1
}
