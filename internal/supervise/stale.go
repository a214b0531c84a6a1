//go:build !broken_version

package supervise

import "lianshen/internal/ledger"

// stale reports whether the sender of the order had seen another version.
func stale(o Order, s ledger.State) bool { return o.Seen != Any && o.Seen != s.Ver() }
