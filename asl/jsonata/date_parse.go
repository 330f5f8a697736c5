package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// isoTimestamp is what $toMillis takes without a picture.
var isoTimestamp = regexp.MustCompile(`^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)

func fnToMillis(ev *evaluation, args []value) (value, error) {
	s := args[0].text
	if given(args, 1) {
		return ev.parseDate(s, args[1].text)
	}
	if !isoTimestamp.MatchString(s) {
		return value{}, fault("D3110").of(args[0])
	}
	return numberValue(parseISO(s)), nil
}

var isoParts = regexp.MustCompile(`^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?$`)

// parseISO is JavaScript's Date.parse for what isoTimestamp lets through. A
// time without a zone is taken as UTC.
func parseISO(s string) float64 {
	m := isoParts.FindStringSubmatch(s)
	if m == nil {
		return math.NaN()
	}
	field := func(i, missing int) int {
		if m[i] == "" {
			return missing
		}
		n, _ := strconv.Atoi(m[i])
		return n
	}
	year, month, day := field(1, 1970), field(2, 1), field(3, 1)
	if month < 1 || month > 12 || day < 1 || day > 31 || field(4, 0) > 24 {
		return math.NaN()
	}
	millis := 0
	if m[7] != "" {
		millis, _ = strconv.Atoi((m[7] + "00")[:3])
	}
	t := time.Date(year, time.Month(month), day, field(4, 0), field(5, 0), field(6, 0), millis*1e6, time.UTC)
	offset := 0
	if zone := strings.ReplaceAll(m[8], ":", ""); len(zone) == 5 {
		h, _ := strconv.Atoi(zone[1:3])
		minute, _ := strconv.Atoi(zone[3:])
		if offset = h*60 + minute; zone[0] == '-' {
			offset = -offset
		}
	}
	return float64(t.UnixMilli() - int64(offset)*60*1000)
}

// parseDate reads a time by a picture; undefined when the text does not fit.
func (ev *evaluation) parseDate(s, picture string) (value, error) {
	parts, err := parseDatePicture(picture)
	if err != nil {
		return value{}, err
	}
	found, err := parts.read(s)
	if err != nil || found == nil {
		return value{}, err
	}
	millis, err := found.millis(ev.now.UTC())
	if err != nil {
		return value{}, err
	}
	return numberValue(millis), nil
}

// maxParts is how many parts a picture may have from which a text is parsed.
const maxParts = 60

// components are the parts of a date that a text gives.
type components map[byte]float64

// read matches a text against the picture; nil when it does not fit, or when
// the picture asks for nothing.
func (d datePicture) read(s string) (components, error) {
	if len(d) > maxParts {
		return nil, limit("A picture of more than %d parts to parse", maxParts)
	}
	var pattern strings.Builder
	pattern.WriteString("(?i)^")
	for i := range d {
		expr, err := d[i].pattern()
		if err != nil {
			return nil, err
		}
		pattern.WriteString("(" + expr + ")")
	}
	pattern.WriteString("$")
	re, err := regexp.Compile(pattern.String())
	if err != nil {
		return nil, fault("D3136")
	}
	m := re.FindStringSubmatch(s)
	if m == nil {
		return nil, nil
	}
	var out components
	for i := range d {
		p := &d[i]
		if p.component == 0 {
			continue
		}
		if out == nil {
			out = components{}
		}
		n, ok, err := p.parse(m[i+1])
		if err != nil {
			return nil, err
		}
		if ok {
			out[p.component] = n
		} else {
			delete(out, p.component) // as if an earlier part had not given it
		}
	}
	return out, nil
}

// numberWords matches numbers in English.
var numberWords = func() string {
	var all []string
	for _, w := range knownWords {
		all = append(all, w.word)
	}
	return "(?:" + strings.Join(append(all, "and", `[\-, ]`), "|") + ")+"
}()

// pattern gives the regular expression of a part; it has no groups.
func (p *datePart) pattern() (string, error) {
	switch {
	case p.component == 0:
		return regexp.QuoteMeta(p.literal), nil
	case p.component == 'Z' || p.component == 'z':
		expr := "[-+][0-9]+"
		if p.component == 'z' {
			expr = "GMT" + expr
		}
		if p.integer != nil && p.integer.regular > 0 {
			expr += regexp.QuoteMeta(p.integer.groups[0].text) + "[0-9]+"
		}
		return expr, nil
	case p.integer != nil:
		return p.integerPattern()
	case strings.IndexByte("MxFP", p.component) < 0:
		return "", fault("D3133").ofText(string(p.component))
	}
	return "[a-zA-Z]+", nil
}

func (p *datePart) integerPattern() (string, error) {
	switch i := p.integer; i.style {
	case letterStyle:
		return "[a-z]+", nil // the expression ignores case
	case romanStyle:
		return "[mdclxvi]+", nil
	case wordStyle:
		return numberWords, nil
	case sequenceStyle:
		return "", fault("D3130").ofText(i.token)
	case decimalStyle:
	}
	expr := "[0-9]+"
	if strings.IndexByte("YMD", p.component) >= 0 && p.digits > 0 {
		expr = "[0-9]{" + strconv.Itoa(p.digits) + "}"
		if least := max(0, p.digits-p.integer.optional); p.integer.optional > 0 {
			expr = "[0-9]{" + strconv.Itoa(least) + "," + strconv.Itoa(p.digits) + "}"
		}
	}
	if p.integer.ordinal {
		expr += "(?:th|st|nd|rd)"
	}
	return expr, nil
}

// parse reads the text of a part; false when it says nothing.
func (p *datePart) parse(s string) (float64, bool, error) {
	switch {
	case p.component == 'Z' || p.component == 'z':
		return p.parseZone(s), true, nil
	case p.integer != nil:
		n, err := p.integer.parse(s)
		return n, true, err
	}
	switch p.component {
	case 'M', 'x':
		return p.lookUp(s, monthNames, 1)
	case 'F':
		return p.lookUp(s, dayNames, 0)
	}
	switch s {
	case "am", "AM":
		return 0, true, nil
	case "pm", "PM":
		return 1, true, nil
	}
	return 0, false, nil
}

// lookUp finds a name among those that the picture would write.
func (p *datePart) lookUp(s string, names []string, first int) (float64, bool, error) {
	for i, name := range names {
		if s != "" && p.cutName(name) == s {
			return float64(i + first), true, nil
		}
	}
	return 0, false, nil
}

// parseZone gives the minutes of an offset such as +05:30.
func (p *datePart) parseZone(s string) float64 {
	if p.component == 'z' {
		s = s[len("GMT"):]
	}
	if p.integer != nil && p.integer.regular > 0 {
		hours, minutes, _ := strings.Cut(s, p.integer.groups[0].text)
		return parseInt(hours)*60 + parseInt(minutes)
	}
	if len(s)-1 <= 2 {
		return parseInt(s) * 60
	}
	return parseInt(s[:3])*60 + parseInt(s[3:])
}

// masks are the sets of components that tell the kind of a date: one bit for
// each of YXMxWwdD, and of a time: one bit for each of PHhmsf.
const (
	dateByMonth     = 161 // Y M D
	dateByDay       = 130 // Y d
	dateByMonthWeek = 84  // X x w
	dateByWeek      = 72  // X W
	timeByHalves    = 47  // P h m s f
	timeByHours     = 23  // H m s f
)

func (c components) mask(letters string) int {
	mask := 0
	for i := range len(letters) {
		mask <<= 1
		if n := c[letters[i]]; n != 0 && !math.IsNaN(n) {
			mask++
		}
	}
	return mask
}

// maxYear is beyond the last year that a date can have.
const maxYear = 300_000

// isType tells whether only components of a kind are there, and one at least.
func isType(kind, mask int) bool { return ^kind&mask == 0 && kind&mask != 0 }

// millis puts the components together. What is missing before the first that
// is given comes from now, what is missing after it is the lowest.
func (c components) millis(now time.Time) (float64, error) {
	dates, times := c.mask("YXMxWwdD"), c.mask("PHhmsf")
	byDay := !isType(dateByMonth, dates) && isType(dateByDay, dates)
	byMonthWeek := isType(dateByMonthWeek, dates)
	byWeek := !byMonthWeek && isType(dateByWeek, dates)
	byHalves := !isType(timeByHours, times) && isType(timeByHalves, times)
	order := "YMD"
	switch {
	case byDay:
		order = "YD"
	case byMonthWeek:
		order = "XxwF"
	case byWeek:
		order = "XWF"
	}
	if byHalves {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := c.complete(order, now); err != nil {
		return 0, err
	}
	if byMonthWeek || byWeek {
		return 0, fault("D3136")
	}
	month, day, hour := max(c['M'], 1), c['D'], c['H']
	if byDay {
		// The year stays, even if the day lies beyond its end.
		first := monthStart(int(max(-maxYear, min(c['Y'], maxYear))), 0)
		t, ok := dateOf(float64(first) + (c['d']-1)*dayMillis)
		if !ok {
			return math.NaN(), nil
		}
		month, day = float64(t.Month()), float64(t.Day())
	}
	if byHalves {
		if hour = math.Mod(c['h'], 12); c['h'] > 12 {
			hour = c['h']
		}
		if c['P'] == 1 {
			hour += 12
		}
	}
	return c.utc(month, day, hour), nil
}

func (c components) complete(order string, now time.Time) error {
	started, ended := false, false
	for i := range len(order) {
		letter := order[i]
		if _, ok := c[letter]; ok {
			if started = true; ended {
				return fault("D3136")
			}
			continue
		}
		switch {
		case !started:
			c[letter] = float64(component(now, letter))
		case strings.IndexByte("MDd", letter) >= 0:
			c[letter], ended = 1, true
		default:
			c[letter], ended = 0, true
		}
	}
	return nil
}

func (c components) utc(month, day, hour float64) float64 {
	year := c['Y']
	for _, n := range []float64{year, month, day, hour, c['m'], c['s'], c['f']} {
		if !(math.Abs(n) < 1e9) {
			return math.NaN()
		}
	}
	t := time.Date(utcYear(int(year)), time.Month(int(month)), int(day), 0, 0, 0, 0, time.UTC)
	millis := float64(t.UnixMilli()) + ((hour*60+c['m'])*60+c['s'])*1000 + c['f']
	if !(math.Abs(millis) <= maxMillis) {
		return math.NaN()
	}
	for _, zone := range []byte{'Z', 'z'} {
		if offset := c[zone]; offset != 0 && !math.IsNaN(offset) {
			return millis - offset*60*1000
		}
	}
	return millis
}
