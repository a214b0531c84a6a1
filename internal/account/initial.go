package account

import (
	"fmt"
	"io"
	"strings"
)

// The letters of an initial password: none that is taken for another when read
// out or typed from paper. There are 32, so that a byte picks one evenly.
const legible = "abcdefghjkmnpqrstuvwxyz23456789+"

// NewPassword returns a password of 80 random bits in four groups, "k7mf-3xq2-…",
// to be handed over and changed at the first sign-in. Random is crypto/rand.Reader
// except in tests.
func NewPassword(random io.Reader) (string, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a password: %w", err)
	}
	var b strings.Builder
	for i, x := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(legible[int(x)%len(legible)])
	}
	return b.String(), nil
}
