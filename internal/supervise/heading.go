package supervise

import "lianshen/internal/sheet"

// columns are the fields that a heading may stand for.
func columns() map[string]bool {
	all := map[string]bool{}
	for _, f := range sheet.Fields() {
		all[string(f)] = true
	}
	return all
}
