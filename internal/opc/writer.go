package opc

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"time"
)

// Writer writes the zip of an Office document part by part, straight to
// its destination: nothing is held back, so memory does not grow with the
// document. Times are fixed, so the same content gives the same bytes.
type Writer struct {
	zip *zip.Writer
}

// NewWriter begins a file at w.
func NewWriter(w io.Writer) *Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	return &Writer{z}
}

// Part starts the next part; the one before ends with it.
func (p *Writer) Part(name string) (io.Writer, error) {
	w, err := p.zip.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return nil, fmt.Errorf("start part %s: %w", name, err)
	}
	return w, nil
}

// Text writes a whole part.
func (p *Writer) Text(name, content string) error {
	w, err := p.Part(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, content); err != nil {
		return fmt.Errorf("write part %s: %w", name, err)
	}
	return nil
}

// Close ends the last part and the file; w stays open.
func (p *Writer) Close() error {
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

const (
	// Head begins each part.
	Head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	// Relations begins the type of each relationship between parts.
	Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// WriteXML writes a text as character data: without what XML cannot hold.
func WriteXML(b *bufio.Writer, s string) {
	_, _ = xmlEscaper.WriteString(b, Strip(s)) // a bufio.Writer keeps its first error for Flush
}

// XML is WriteXML for templates.
func XML(s string) string { return xmlEscaper.Replace(Strip(s)) }
