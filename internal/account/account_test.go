package account_test

import (
	"errors"
	"testing"

	"lianshen/internal/ledger"
)

// code returns the message key of a refusal, "" for no error.
func code(t *testing.T, err error) string {
	t.Helper()
	var refusal ledger.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	t.Fatalf("%v is not a refusal", err)
	return ""
}
