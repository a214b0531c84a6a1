//go:build failpoint

package main

import (
	"testing"
)

// The program ends, as with a loss of power, between each two steps from the last
// byte to the row. Built with the tag failpoint only: see "make proofs".
func TestKilledBetweenStepsOfAnUpload(t *testing.T) {
	for _, step := range []string{"hash", "row", "after row", "done"} {
		o := newOffice(t)
		s := newSending(150 << 10)
		server := o.serve("LIANSHEN_FAILPOINT=" + step)
		if err := o.push(s); err == nil {
			t.Fatalf("%s: the server went on", step)
		}
		server.Wait() //nolint:errcheck // it was killed
		before, kept := o.sound()
		orphans := o.reclaim()
		if orphans != kept-len(before) {
			t.Errorf("%s: %d of %d files reclaimed, %d are named", step, orphans, kept, len(before))
		}
		server = o.serve()
		if err := o.push(s); err != nil {
			t.Fatalf("%s: resumed: %v", step, err)
		}
		server.Process.Kill() //nolint:errcheck // it is being ended
		server.Wait()         //nolint:errcheck // it was killed
		after, kept := o.sound()
		if after[s.sum()] != 1 || len(after) != 1 || kept != 1 {
			t.Errorf("%s: resumed: evidence %v, %d files", step, after, kept)
		}
		t.Logf("killed before %q: row %v, %d orphan reclaimed; resumed: one row with its bytes", step, len(before) == 1, orphans)
	}
}
