package biff

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// compound is the container of old Office files: a file system in sectors. The
// library for it copies the path of every entry into every entry below it, so that
// a small file can ask for any amount of memory; this one looks streams up by name
// and never walks the tree.
type compound struct {
	r       io.ReaderAt
	size    int64
	shift   uint     // of the sector size
	fat     []uint32 // next sector of each
	miniFAT []uint32
	entries []entry
	mini    []byte // the stream that holds small streams
}

type entry struct {
	name  string
	kind  byte // 1 storage, 2 stream, 5 root
	start uint32
	size  int64
}

const (
	endOfChain  = 0xFFFFFFFE
	free        = 0xFFFFFFFF
	miniCutoff  = 4096
	mostEntries = 4096 // of the directory; a workbook has a dozen
	headerSize  = 512
	inHeader    = 109 // FAT sectors that the header itself lists
)

func openCompound(r io.ReaderAt, size int64) (*compound, error) {
	head := make([]byte, headerSize)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, damaged("header: %v", err)
	}
	c := &compound{r: r, size: size, shift: uint(binary.LittleEndian.Uint16(head[30:]))}
	if c.shift != 9 && c.shift != 12 {
		return nil, damaged("sectors of 2^%d bytes", c.shift)
	}
	if err := c.readFAT(head); err != nil {
		return nil, err
	}
	dir, err := c.chain(binary.LittleEndian.Uint32(head[48:]), mostEntries*128)
	if err != nil {
		return nil, err
	}
	c.readEntries(dir)
	if len(c.entries) == 0 || c.entries[0].kind != 5 {
		return nil, damaged("no root entry")
	}
	return c, c.readMini(head)
}

func (c *compound) sectorSize() int64 { return 1 << c.shift }

// sector reads one sector; the first follows the header.
func (c *compound) sector(n uint32, buf []byte) error {
	at := (int64(n) + 1) << c.shift
	got, err := c.r.ReadAt(buf, at)
	if err != nil && (err != io.EOF || got == 0) { // the last sector may be cut short
		return damaged("sector %d: %v", n, err)
	}
	clear(buf[got:])
	return nil
}

// readFAT gathers the table of sectors: the header lists the first of its sectors,
// the others stand in a chain of their own.
func (c *compound) readFAT(head []byte) error {
	most := int(c.size>>c.shift) + 1
	var lists []uint32
	for i := range inHeader {
		lists = append(lists, binary.LittleEndian.Uint32(head[76+4*i:]))
	}
	buf := make([]byte, c.sectorSize())
	next := binary.LittleEndian.Uint32(head[68:])
	for n := 0; next < endOfChain-3 && len(lists) <= most; n++ {
		if n > most {
			return damaged("sectors in a circle")
		}
		if err := c.sector(next, buf); err != nil {
			return err
		}
		for i := 0; i+8 <= len(buf); i += 4 {
			lists = append(lists, binary.LittleEndian.Uint32(buf[i:]))
		}
		next = binary.LittleEndian.Uint32(buf[len(buf)-4:])
	}
	for _, n := range lists {
		if n == free || len(c.fat) > most {
			continue
		}
		if err := c.sector(n, buf); err != nil {
			return err
		}
		for i := 0; i+4 <= len(buf); i += 4 {
			c.fat = append(c.fat, binary.LittleEndian.Uint32(buf[i:]))
		}
	}
	return nil
}

// chain reads the sectors that follow one another from start, at most most bytes.
func (c *compound) chain(start uint32, most int64) ([]byte, error) {
	var out []byte
	left := int(c.size>>c.shift) + 1 // a chain cannot hold more sectors than the file
	for n := start; n != endOfChain; n = c.fat[n] {
		if left--; int64(n) >= int64(len(c.fat)) || left < 0 {
			return nil, damaged("broken chain of sectors")
		}
		if int64(len(out)) >= most {
			break
		}
		from := len(out)
		out = append(out, make([]byte, c.sectorSize())...)
		if err := c.sector(n, out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *compound) readEntries(dir []byte) {
	for ; len(dir) >= 128 && len(c.entries) < mostEntries; dir = dir[128:] {
		n := int(binary.LittleEndian.Uint16(dir[64:]))
		if n < 2 || n > 64 || dir[66] == 0 {
			c.entries = append(c.entries, entry{})
			continue
		}
		c.entries = append(c.entries, entry{
			name: utf16le(dir[:n-2]), kind: dir[66],
			start: binary.LittleEndian.Uint32(dir[116:]),
			size:  int64(binary.LittleEndian.Uint32(dir[120:])), // the upper half is for files over 2 GB
		})
	}
}

// readMini reads the table and the stream of small streams.
func (c *compound) readMini(head []byte) error {
	first := binary.LittleEndian.Uint32(head[60:])
	if first >= endOfChain-3 {
		return nil
	}
	table, err := c.chain(first, c.size)
	if err != nil {
		return err
	}
	for i := 0; i+4 <= len(table); i += 4 {
		c.miniFAT = append(c.miniFAT, binary.LittleEndian.Uint32(table[i:]))
	}
	if c.entries[0].start >= endOfChain-3 {
		return nil
	}
	c.mini, err = c.chain(c.entries[0].start, c.size)
	return err
}

func (c *compound) find(name string) (entry, bool) {
	for _, e := range c.entries {
		if strings.EqualFold(e.name, name) {
			return e, true
		}
	}
	return entry{}, false
}

func (c *compound) has(name string) bool { _, ok := c.find(name); return ok }

// stream reads a stream whole.
func (c *compound) stream(name string) ([]byte, error) {
	e, _ := c.find(name)
	if e.size > c.size {
		return nil, damaged("stream %s is longer than the file", name)
	}
	if e.size >= miniCutoff {
		data, err := c.chain(e.start, e.size)
		if err == nil && int64(len(data)) < e.size {
			err = damaged("stream %s is cut short", name)
		}
		if err != nil {
			return nil, err
		}
		return data[:e.size], nil
	}
	var out bytes.Buffer
	for n := e.start; int64(out.Len()) < e.size; n = c.miniFAT[n] {
		if int64(n) >= int64(len(c.miniFAT)) || int64(n+1)*64 > int64(len(c.mini)) {
			return nil, damaged("stream %s is cut short", name)
		}
		out.Write(c.mini[n*64 : (n+1)*64])
	}
	return out.Bytes()[:e.size], nil
}

// utf16le decodes text of two bytes a character.
func utf16le(b []byte) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}
