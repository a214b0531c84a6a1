package blob

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// A Scanner asks a clamd whether a file is infected. The zero Scanner asks nobody.
type Scanner struct {
	Address  string        // unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310
	Patience time.Duration // for the whole answer; 0 is two minutes
}

// On reports whether there is anybody to ask.
func (s Scanner) On() bool { return s.Address != "" }

// ErrUnsure says that a file was not scanned: nobody answered, or not clearly.
// Until it has been, it is kept but given to nobody.
var ErrUnsure = errors.New("blob: not scanned")

// scanChunk is how much goes to clamd at a time; its own limit is on the sum.
const scanChunk = 64 << 10

// Scan sends what r gives to clamd. It returns the name of what was found, "" for
// a clean file, and ErrUnsure for anything but a clear answer.
func (s Scanner) Scan(ctx context.Context, r io.Reader) (found string, err error) {
	patience := s.Patience
	if patience == 0 {
		patience = 2 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	network, address, _ := strings.Cut(s.Address, ":")
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsure, err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })() // ends what is under way
	if err := instream(conn, r); err != nil {
		// clamd may have answered and closed before the end: too large a file, say.
		if said, bad := bufio.NewReader(conn).ReadString(0); bad == nil {
			return verdict(said)
		}
		return "", fmt.Errorf("%w: %w", ErrUnsure, err)
	}
	said, err := bufio.NewReader(io.LimitReader(conn, 4<<10)).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsure, err)
	}
	return verdict(said)
}

// instream sends the file in pieces, each after its length, and a zero at the end.
func instream(conn net.Conn, r io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	piece := make([]byte, 4+scanChunk)
	for {
		n, err := io.ReadFull(r, piece[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(piece, uint32(n)) //nolint:gosec // at most scanChunk
			if _, err := conn.Write(piece[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	_, err := conn.Write(make([]byte, 4))
	return err
}

// verdict reads clamd's answer: "stream: OK", "stream: NAME FOUND", or an error.
func verdict(said string) (found string, err error) {
	said = strings.TrimSpace(strings.TrimRight(said, "\x00"))
	_, said, _ = strings.Cut(said, ": ")
	if said == "OK" {
		return "", nil
	}
	if name, yes := strings.CutSuffix(said, " FOUND"); yes {
		return name, nil
	}
	return "", fmt.Errorf("%w: clamd said %q", ErrUnsure, said)
}
