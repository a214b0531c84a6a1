package trail

import (
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint says what the log was at one moment. Signed and kept where the
// keeper of the database cannot reach it, it proves any later change of an entry
// up to Size.
type Checkpoint struct {
	Origin string // name of the log, the same as the name of its key
	Size   int64  // number of entries
	Root   Hash
	At     time.Time // when it was signed; zero for one that was never signed
}

// Checkpoint returns the unsigned checkpoint of f, such as the row trail_head
// states it.
func (f Frontier) Checkpoint(origin string, at time.Time) Checkpoint {
	return Checkpoint{Origin: origin, Size: f.Size, Root: f.Root(), At: at}
}

// NewKey makes a key pair for signing checkpoints of the log called origin, which
// may hold neither spaces nor "+". The secret key goes to [Sign] and nowhere else;
// the public key goes to everyone who is to verify.
func NewKey(random io.Reader, origin string) (secret, public string, err error) {
	if secret, public, err = note.GenerateKey(random, origin); err != nil {
		return "", "", fmt.Errorf("make a key for the trail %q: %w", origin, err)
	}
	return secret, public, nil
}

// Sign returns c as a signed note (golang.org/x/mod/sumdb/note). Its text is that
// of a C2SP tlog-checkpoint with one extension line for the time:
//
//	lianshen.yunxi
//	18423
//	3nGpXvtRcVRhuGMEp6aOLYQ4DvBcRGFxTYMVOFfnQnE=
//	at 2026-03-18T06:32:00Z
//
// The origin is the name in the key, whatever c says.
func Sign(c Checkpoint, secret string) ([]byte, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("read the key of the trail: %w", err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\nat %s\n", signer.Name(), c.Size, c.Root, c.At.UTC().Format(time.RFC3339))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of %d entries: %w", c.Size, err)
	}
	return signed, nil
}

// Open returns the checkpoint in signed if its signature belongs to the public
// key, and otherwise an error.
func Open(signed []byte, public string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the public key of the trail: %w", err)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open the checkpoint: %w", err)
	}
	c, err := parseCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %w", err)
	}
	if c.Origin != verifier.Name() {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: it is of log %q, the key of %q", c.Origin, verifier.Name())
	}
	return c, nil
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Checkpoint{}, fmt.Errorf("%d lines instead of 4", len(lines)-1)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, fmt.Errorf("line 2: %q is not a number of entries", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("line 3: %q is not a root hash", lines[2])
	}
	at, err := time.Parse("at "+time.RFC3339, lines[3])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("line 4: %q is not a time", lines[3])
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: Hash(root), At: at.UTC()}, nil
}
