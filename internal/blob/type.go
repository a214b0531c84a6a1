package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg" // heads of photographs
	_ "image/png"  // heads of screenshots
	"io"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// A kind is one type of file that is taken in as evidence.
type kind struct {
	media string
	fits  func(f io.ReaderAt, size int64) string // code of a refusal, "" if the content is of this kind
	photo bool                                   // has pixels
}

// kinds lists by extension what is taken in. Whatever is not here is refused:
// programs, pages, pictures with scripts (svg), archives.
var kinds = map[string]kind{
	".pdf":  {"application/pdf", starts("%PDF-"), false},
	".jpg":  {"image/jpeg", starts("\xff\xd8\xff"), true},
	".jpeg": {"image/jpeg", starts("\xff\xd8\xff"), true},
	".png":  {"image/png", starts("\x89PNG\r\n\x1a\n"), true},
	".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", office("word/"), false},
	".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", office("xl/"), false},
	".pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", office("ppt/"), false},
	".doc":  {"application/msword", compound("WordDocument"), false},
	".xls":  {"application/vnd.ms-excel", compound("Workbook", "Book"), false},
	".wps":  {"application/vnd.ms-works", either(compound("WordDocument"), office("word/")), false},
	".et":   {"application/vnd.ms-excel", either(compound("Workbook", "Book"), office("xl/")), false},
	".txt":  {"text/plain", text, false},
	".csv":  {"text/csv", text, false},
}

// typeOf returns the media type of a file of that name and content, or a [*Refusal].
func typeOf(name string, f io.ReaderAt, size int64) (string, error) {
	ext := extension(name)
	k, taken := kinds[ext]
	if !taken {
		return "", refuse("blob.type", ext)
	}
	if code := k.fits(f, size); code != "" {
		return "", refuse(code, ext)
	}
	if k.photo {
		return k.media, pixels(f, size, ext)
	}
	return k.media, nil
}

// maxPixels is the largest picture taken in: a few kilobytes can claim to unpack
// into more memory than the machine has. The largest cameras of phones make 200
// million pixels.
const maxPixels = 200_000_000

// pixels refuses a picture that is too large or has no readable head. It reads
// the head only and unpacks nothing.
func pixels(f io.ReaderAt, size int64, ext string) error {
	head, _, err := image.DecodeConfig(io.NewSectionReader(f, 0, size))
	switch {
	case err != nil || head.Width <= 0 || head.Height <= 0:
		return refuse("blob.damaged", ext)
	case int64(head.Width)*int64(head.Height) > maxPixels:
		return refuse("blob.pixels", head.Width, head.Height, maxPixels/1_000_000)
	}
	return nil
}

// What the parts of an office document may come to when unpacked. Whoever opens it
// has to unpack it, on this machine or on the reader's.
const (
	maxUnpacked = 1 << 30 // bytes
	maxParts    = 20_000
)

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

func starts(magic string) func(io.ReaderAt, int64) string {
	return func(f io.ReaderAt, _ int64) string {
		if !bytes.HasPrefix(first(f, len(magic)), []byte(magic)) {
			return "blob.content"
		}
		return ""
	}
}

func either(a, b func(io.ReaderAt, int64) string) func(io.ReaderAt, int64) string {
	return func(f io.ReaderAt, size int64) string {
		if a(f, size) == "" {
			return ""
		}
		return b(f, size)
	}
}

// office recognises the documents of office programs since 2007: a zip archive with
// its parts under folder. It refuses those with macros under a name without.
func office(folder string) func(io.ReaderAt, int64) string {
	return func(f io.ReaderAt, size int64) string {
		if starts("PK\x03\x04")(f, size) != "" {
			return "blob.content"
		}
		archive, err := zip.NewReader(f, size)
		if err != nil {
			return "blob.damaged" // cut off on the way, most likely
		}
		types, parts := false, false
		var unpacked uint64
		for _, part := range archive.File {
			unpacked += part.UncompressedSize64
			if unpacked > maxUnpacked || len(archive.File) > maxParts {
				return "blob.unpacked"
			}
			name := strings.ToLower(part.Name)
			if strings.HasSuffix(name, "vbaproject.bin") {
				return "blob.macro"
			}
			types = types || part.Name == "[Content_Types].xml"
			parts = parts || strings.HasPrefix(part.Name, folder)
		}
		if !types || !parts {
			return "blob.content"
		}
		return ""
	}
}

// compound recognises the documents of office programs before 2007 by the name of
// a stream in them: installers (.msi) are of the same outer format.
func compound(streams ...string) func(io.ReaderAt, int64) string {
	return func(f io.ReaderAt, size int64) string {
		if starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")(f, size) != "" {
			return "blob.content"
		}
		for _, stream := range streams {
			if contains(io.NewSectionReader(f, 0, size), wide(stream+"\x00")) {
				return ""
			}
		}
		return "blob.content"
	}
}

// wide returns s in UTF-16, little-endian, as compound files write names.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// contains reports whether r has word in it, without holding r in memory.
func contains(r io.Reader, word []byte) bool {
	buf := make([]byte, 0, 64<<10)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if bytes.Contains(buf, word) {
			return true
		}
		if err != nil {
			return false
		}
		keep := min(len(buf), len(word)-1) // a word may lie across two reads
		buf = buf[:copy(buf, buf[len(buf)-keep:])]
	}
}

// text recognises plain text in any encoding used here (UTF-8, GB18030, UTF-16 with
// its mark): no control characters, and not the beginning of a page or a program.
func text(f io.ReaderAt, _ int64) string {
	head := narrow(first(f, 8<<10))
	for _, c := range head {
		if c < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r"), rune(c)) {
			return "blob.content"
		}
	}
	head = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), "\t\n\v\f\r "))
	for _, sign := range []string{"#!", "<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<?php", "<!--"} {
		if bytes.HasPrefix(head, []byte(sign)) {
			return "blob.content"
		}
	}
	return ""
}

// narrow returns UTF-16 with a byte order mark as UTF-8, and anything else as it is.
func narrow(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return b
	}
	var units []uint16
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return []byte(string(utf16.Decode(units)))
}

// first returns up to n bytes from the beginning of f.
func first(f io.ReaderAt, n int) []byte {
	head := make([]byte, n)
	n, _ = f.ReadAt(head, 0) // a short file is answered by what is missing in it
	return head[:n]
}
