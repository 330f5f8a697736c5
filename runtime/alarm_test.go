package runtime

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorder notes when alarms ring.
type recorder struct {
	begin time.Time
	rang  []string
}

func (r *recorder) ring(name string) func(time.Time) happening {
	return func(now time.Time) happening {
		r.rang = append(r.rang, fmt.Sprint(name, "@", now.Sub(r.begin)))
		return nil
	}
}

func (r *recorder) check(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	if got := strings.Join(r.rang, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAlarmsRingInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := alarms{clock: System}
		r := recorder{begin: time.Now()}
		at := func(seconds int) time.Time { return r.begin.Add(time.Duration(seconds) * time.Second) }
		s.set(at(5), nil, r.ring("a"))
		b := s.set(at(2), nil, r.ring("b"))
		s.set(at(5), nil, r.ring("c"))
		d := s.set(at(1), nil, r.ring("d"))
		s.set(at(-1), nil, r.ring("past"))
		s.move(b, at(7))
		s.cancel(d, nil)
		time.Sleep(time.Minute)
		r.check(t, "past@0s a@5s c@5s b@7s")
		s.move(b, at(90))
		time.Sleep(time.Minute)
		r.check(t, "past@0s a@5s c@5s b@7s b@1m30s")
		s.close()
	})
}

func TestAnAlarmMaySetAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := alarms{clock: System}
		r := recorder{begin: time.Now()}
		s.set(r.begin.Add(time.Second), nil, func(now time.Time) happening {
			s.set(now, nil, r.ring("now"))
			s.set(now.Add(time.Second), nil, r.ring("later"))
			return nil
		})
		time.Sleep(time.Minute)
		r.check(t, "now@1s later@2s")
		s.close()
	})
}

func TestClosedAlarmsAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := alarms{clock: System}
		r := recorder{begin: time.Now()}
		s.set(r.begin.Add(time.Second), nil, r.ring("a"))
		s.close()
		s.set(r.begin.Add(time.Second), nil, r.ring("b"))
		time.Sleep(time.Minute)
		r.check(t, "")
	})
}
