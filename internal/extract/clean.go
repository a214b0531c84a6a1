package extract

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Cleaned says what kind of copy Clean wrote.
type Cleaned string

// The kinds of copy.
const (
	CleanedCopy Cleaned = "cleaned" // without what the file carried unseen
	SameBytes   Cleaned = "same"    // files of the type carry nothing unseen
)

// Clean writes a copy of the file without the place and the camera of a photograph,
// the authors and commentators of an Office document, the information, the attachments
// and the scripts of a PDF. What a reader sees stays. Unreadable if the type, or this
// file, cannot be cleaned: then what has been written is to be thrown away.
func (x *Extractor) Clean(ctx context.Context, w io.Writer, f File) (Cleaned, error) {
	switch f.Type {
	case jpegType:
		return CleanedCopy, cleanJPEG(w, f)
	case pngType:
		return CleanedCopy, cleanPNG(w, f)
	case docxType, xlsxType, pptxType:
		return CleanedCopy, cleanOffice(ctx, w, f)
	case pdfType:
		return CleanedCopy, x.engine.clean(ctx, w, f, f.Size)
	case textType, csvType:
		if _, err := io.Copy(w, f); err != nil {
			return "", fmt.Errorf("copy text file: %w", err)
		}
		return SameBytes, nil
	}
	return "", Unreadable{"extract.uncleanable"}
}

// faultOf tells a damaged file from a fault of the store or of the receiver.
func faultOf(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Unreadable{"extract.damaged"}
	}
	return err
}

// cleanJPEG copies the segments that a picture needs to be drawn: frame, tables,
// scans, colour profile. All else goes: Exif, XMP, IPTC, comments, further pictures
// behind the first. The orientation stays, or the copy would lie on its side.
func cleanJPEG(w io.Writer, f io.Reader) error {
	r := bufio.NewReaderSize(f, 64<<10)
	var mark [2]byte
	if _, err := io.ReadFull(r, mark[:]); err != nil || mark != [2]byte{0xff, 0xd8} {
		return Unreadable{"extract.damaged"}
	}
	if _, err := w.Write(mark[:]); err != nil {
		return err
	}
	marker, err := nextMarker(r)
	for ; err == nil && marker != 0xd9; marker, err = nextMarker(r) {
		for again := true; again; { // a scan ends with the marker of what follows
			if marker, again, err = copySegment(w, r, marker); err != nil {
				return faultOf(err)
			}
		}
		if marker == 0xd9 {
			break
		}
	}
	if err != nil {
		return faultOf(err)
	}
	_, err = w.Write([]byte{0xff, 0xd9}) // the end of the picture; what follows is not part of it
	return err
}

// copySegment copies a segment, and a scan with its data. After a scan it returns the
// marker that follows, and whether another segment begins with it.
func copySegment(w io.Writer, r *bufio.Reader, marker byte) (next byte, again bool, err error) {
	segment, err := readSegment(r, marker)
	if err != nil {
		return 0, false, err
	}
	if _, err := w.Write(keptSegment(marker, segment)); err != nil || marker != 0xda {
		return marker, false, err
	}
	next, err = copyScan(w, r)
	return next, next != 0xd9, err
}

func nextMarker(r *bufio.Reader) (byte, error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	if b != 0xff {
		return 0, Unreadable{"extract.damaged"}
	}
	for b == 0xff { // markers may be padded
		if b, err = r.ReadByte(); err != nil {
			return 0, err
		}
	}
	return b, nil
}

// readSegment returns a segment with its marker and length.
func readSegment(r *bufio.Reader, marker byte) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(size[:]))
	if n < 2 {
		return nil, Unreadable{"extract.damaged"}
	}
	segment := make([]byte, 2+n)
	copy(segment, []byte{0xff, marker, size[0], size[1]})
	_, err := io.ReadFull(r, segment[4:])
	return segment, err
}

// keptSegment returns what of a segment goes into the copy.
func keptSegment(marker byte, segment []byte) []byte {
	body := segment[4:]
	switch {
	case marker == 0xe0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		jfif := slices.Clone(segment[:4+14]) // without the thumbnail behind it
		jfif[3], jfif[2], jfif[4+12], jfif[4+13] = 16, 0, 0, 0
		return jfif
	case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
		if turn := tiffOrientation(body[6:]); turn > 1 {
			return onlyOrientation(turn)
		}
		return nil
	case marker == 0xe2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")), marker == 0xee && bytes.HasPrefix(body, []byte("Adobe")):
		return segment
	case marker >= 0xe0 && marker <= 0xef, marker == 0xfe:
		return nil
	}
	return segment
}

// copyScan copies compressed data up to the next marker that is none of its own, and
// returns that.
func copyScan(w io.Writer, r *bufio.Reader) (next byte, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xff {
			_ = out.WriteByte(b) // Flush reports it
			continue
		}
		for b == 0xff {
			if b, err = r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 && (b < 0xd0 || b > 0xd7) {
			return b, out.Flush()
		}
		_, _ = out.Write([]byte{0xff, b}) // Flush reports it
	}
}

// keptChunks are those that say how a PNG is drawn.
var keptChunks = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs", "bKGD", "hIST", "sPLT"}

const maxChunk = 64 << 20 // bytes

func cleanPNG(w io.Writer, f io.Reader) error {
	r := bufio.NewReaderSize(f, 64<<10)
	head := make([]byte, 8)
	if _, err := io.ReadFull(r, head); err != nil || string(head) != "\x89PNG\r\n\x1a\n" {
		return Unreadable{"extract.damaged"}
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for {
		if _, err := io.ReadFull(r, head); err != nil {
			return faultOf(err)
		}
		n, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		if n > maxChunk {
			return Unreadable{"extract.damaged"}
		}
		to := io.Discard
		if slices.Contains(keptChunks, name) {
			to = w
		}
		if _, err := to.Write(head); err != nil {
			return err
		}
		if _, err := io.CopyN(to, r, n+4); err != nil { // with its checksum
			return faultOf(err)
		}
		if name == "IEND" {
			return nil
		}
	}
}
