package trail

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A Frontier is the right edge of the tree: all that an append has to know. The
// store keeps it in one row (trail_head: size, edge, root), so that an append reads
// one row however long the log is. The zero Frontier is the empty log.
type Frontier struct {
	Size int64  // number of entries
	Edge []Hash // roots of the complete subtrees, largest first, one per 1-bit of Size
}

// Append returns the frontier after leaf, and the hashes that become final with
// it: the leaf, then the root of each subtree it completes. Whoever stores the
// inner hashes for proofs puts them at index tlog.StoredHashIndex(0, f.Size) and
// after. It does not change f. Pure.
func (f Frontier) Append(leaf Hash) (Frontier, []Hash) {
	final := []Hash{leaf}
	kept := len(f.Edge)
	for range bits.TrailingZeros64(uint64(f.Size + 1)) {
		kept--
		leaf = tlog.NodeHash(f.Edge[kept], leaf)
		final = append(final, leaf)
	}
	edge := append(slices.Clone(f.Edge[:kept]), leaf)
	return Frontier{Size: f.Size + 1, Edge: edge}, final
}

// Root returns the root hash of the tree: the same as tlog.TreeHash.
func (f Frontier) Root() Hash {
	if len(f.Edge) == 0 {
		return sha256.Sum256(nil) // RFC 6962, section 2.1
	}
	last := len(f.Edge) - 1
	root := f.Edge[last]
	for _, left := range slices.Backward(f.Edge[:last]) {
		root = tlog.NodeHash(left, root)
	}
	return root
}

// EdgeText returns the edge as one text of 64 hexadecimal digits per hash.
func (f Frontier) EdgeText() string {
	var b strings.Builder
	for _, h := range f.Edge {
		b.WriteString(HexHash(h))
	}
	return b.String()
}

// ParseFrontier reads what the store kept of a frontier: its size and EdgeText.
// It refuses an edge that cannot belong to a tree of that size.
func ParseFrontier(size int64, edge string) (Frontier, error) {
	const digits = 2 * tlog.HashSize
	want := bits.OnesCount64(uint64(size))
	if size < 0 || len(edge) != want*digits {
		return Frontier{}, fmt.Errorf("trail: edge of %d digits cannot belong to a log of %d entries", len(edge), size)
	}
	f := Frontier{Size: size}
	for part := range slices.Chunk([]byte(edge), digits) {
		h, err := ParseHash(string(part))
		if err != nil {
			return Frontier{}, fmt.Errorf("edge of a log of %d entries: %w", size, err)
		}
		f.Edge = append(f.Edge, h)
	}
	return f, nil
}

// Hashes reads stored hashes of the tree by index, see tlog.StoredHashIndex.
type Hashes interface {
	ReadHashes(indexes []int64) ([]Hash, error)
}

// A Log appends to a tree whose hashes are stored one by one, and can restore a
// lost frontier from them.
type Log struct{ Hashes Hashes }

// Append returns the hashes to store for leaf as entry number n, counted from
// zero, at tlog.StoredHashIndex(0, n) and after. It reads at most log2(n) hashes.
func (l Log) Append(n int64, leaf Hash) (stored []Hash, err error) {
	stored, err = tlog.StoredHashesForRecordHash(n, leaf, l.Hashes)
	if err != nil {
		return nil, fmt.Errorf("append entry %d to the trail: %w", n+1, err)
	}
	return stored, nil
}

// Frontier returns the frontier of the first size entries from stored hashes.
func (l Log) Frontier(size int64) (Frontier, error) {
	var indexes []int64
	for start, rest := int64(0), size; rest > 0; {
		level := bits.Len64(uint64(rest)) - 1
		indexes = append(indexes, tlog.StoredHashIndex(level, start>>level))
		start += 1 << level
		rest -= 1 << level
	}
	edge, err := l.Hashes.ReadHashes(indexes)
	if err == nil && len(edge) != len(indexes) {
		err = fmt.Errorf("%d hashes instead of %d", len(edge), len(indexes))
	}
	if err != nil {
		return Frontier{}, fmt.Errorf("read the frontier of %d entries: %w", size, err)
	}
	return Frontier{Size: size, Edge: edge}, nil
}
