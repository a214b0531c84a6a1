// Package trail is the record that cannot be changed unnoticed: each act is an
// entry, entries are the leaves of a Merkle tree, and signed checkpoints of the
// tree kept elsewhere prove later what stood in it.
// It does not store anything, does not know what the events mean, and cannot stop
// a change; it makes one visible and names the entry.
package trail

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A Hash is the SHA-256 of a leaf or of an inner node, as in RFC 6962.
type Hash = tlog.Hash

// HexHash returns h as 64 lower-case hexadecimal digits, the form in which the
// store keeps hashes.
func HexHash(h Hash) string { return hex.EncodeToString(h[:]) }

// ParseHash reads the form of [HexHash].
func ParseHash(s string) (Hash, error) {
	var h Hash
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(h) || hex.EncodeToString(raw) != s {
		return Hash{}, fmt.Errorf("trail: %q is not a hash of 64 lower-case hexadecimal digits", s)
	}
	copy(h[:], raw)
	return h, nil
}

// An Entry is one event of one entity, with who caused it and for whom.
type Entry struct {
	Seq   int64           // 1, 2, 3, ... without gaps: the size of the tree with this entry
	At    int64           // microseconds since 1970, UTC
	Actor string          // id of the person, or "system:" and the name of the job
	For   string          // id of the body or organisation acted for, "" for none
	Kind  string          // kind of the entity: "finding", "round", ...
	ID    string          // id of the entity
	Event string          // name of the event type: "Reported"
	Body  json.RawMessage // the event, byte for byte as stored
}

// Time returns the instant of e in UTC.
func (e Entry) Time() time.Time { return time.UnixMicro(e.At).UTC() }

// version is the first field of the canonical form. A change of the form gets a
// new version, so that no bytes can mean two different entries.
const version = "lianshen trail entry 1"

// Canonical returns the bytes of e that are hashed. Each field is preceded by its
// length, so no two entries share a form whatever characters they contain:
//
//	text(version) int(Seq) int(At) text(Actor) text(For) text(Kind) text(ID) text(Event) text(Body)
//
// where int is 8 bytes big-endian, and text an int for the number of bytes,
// followed by the bytes. The body is taken as stored, not re-encoded: a verifier
// needs no JSON library that agrees with ours.
func Canonical(e Entry) []byte {
	texts := [...]string{e.Actor, e.For, e.Kind, e.ID, e.Event}
	size := 8*9 + len(version) + len(e.Body)
	for _, s := range texts {
		size += len(s)
	}
	b := make([]byte, 0, size)
	b = appendText(b, version)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At))
	for _, s := range texts {
		b = appendText(b, s)
	}
	return appendText(b, string(e.Body))
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
	return append(b, s...)
}

// Leaf returns the leaf hash of e. The store keeps it beside the entry, which lets
// [Verify] name the very entry that was changed.
func Leaf(e Entry) Hash { return tlog.RecordHash(Canonical(e)) }
