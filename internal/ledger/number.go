package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// isNumber reports whether s is empty or a plain decimal number, with a percent
// sign at most.
func isNumber(s string) bool {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	if s == "" {
		return true
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && !strings.ContainsAny(s, "eExXnN")
}

// FindingNumber forms a number in the office's usual way: "08-JT-012".
func FindingNumber(round int, organisation string, n int) string {
	return fmt.Sprintf("%02d-%s-%03d", round, organisation, n)
}
