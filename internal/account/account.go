// Package account holds the rules of signing in: of passwords, lock-out, sessions,
// tokens and the link that sets an installation up.
// It stores nothing and does not know what a post entitles to: people and posts
// are in package ledger, rights in policy.
package account

import "lianshen/internal/ledger"

// refuse answers what the rules do not allow, as the rules of the ledger do.
func refuse(code string, args ...any) error { return ledger.Refusal{Code: code, Args: args} }
