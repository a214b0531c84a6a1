package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"time"
)

// packageWriter writes the zip of an Office document part by part, straight to
// its destination: nothing is held back, so memory does not grow with the
// document. Times are fixed, so the same content gives the same bytes.
type packageWriter struct {
	zip *zip.Writer
}

func newPackage(w io.Writer) *packageWriter {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	return &packageWriter{z}
}

// part starts the next part; the one before ends with it.
func (p *packageWriter) part(name string) (io.Writer, error) {
	w, err := p.zip.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return nil, fmt.Errorf("start part %s: %w", name, err)
	}
	return w, nil
}

// text writes a whole part.
func (p *packageWriter) text(name, content string) error {
	w, err := p.part(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, content); err != nil {
		return fmt.Errorf("write part %s: %w", name, err)
	}
	return nil
}

func (p *packageWriter) close() error {
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relBase = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// writeXML writes a text as character data: without what XML cannot hold.
func writeXML(b *bufio.Writer, s string) {
	_, _ = xmlEscaper.WriteString(b, stripControls(s)) // a bufio.Writer keeps its first error for Flush
}

// xmlText is writeXML for templates.
func xmlText(s string) string { return xmlEscaper.Replace(stripControls(s)) }
