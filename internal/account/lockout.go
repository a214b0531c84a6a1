package account

import "time"

// The rule of lock-out: after so many wrong passwords in a row the account is shut
// for a while, and each further one shuts it for twice as long, up to a limit, for
// a stranger must not be able to keep somebody out of the office for days. Failures
// are forgotten after a success or a day without one.
const (
	FailuresAllowed = 5
	FirstLockOut    = 15 * time.Minute
	LongestLockOut  = 4 * time.Hour
	FailuresForgot  = 24 * time.Hour
)

// Attempts is what is remembered of the sign-ins of one account since the last
// success; its zero value is what a success leaves.
type Attempts struct {
	Failures int
	Last     time.Time // instant of the last failure
}

// Failed returns a after a wrong password at now. A try while the account is
// shut is not looked at and does not count, or nobody could wait it out.
func (a Attempts) Failed(now time.Time) Attempts {
	switch {
	case a.Locked(now):
		return a
	case now.Sub(a.Last) >= FailuresForgot:
		return Attempts{1, now}
	default:
		return Attempts{a.Failures + 1, now}
	}
}

// LockedUntil returns the instant at which the account opens again; zero if the
// failures did not shut it.
func (a Attempts) LockedUntil() time.Time {
	if a.Failures < FailuresAllowed {
		return time.Time{}
	}
	wait := FirstLockOut
	for range min(a.Failures-FailuresAllowed, 10) {
		wait = min(2*wait, LongestLockOut)
	}
	return a.Last.Add(wait)
}

// Locked reports whether the account is shut at now.
func (a Attempts) Locked(now time.Time) bool { return now.Before(a.LockedUntil()) }
