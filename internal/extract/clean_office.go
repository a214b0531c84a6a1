package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

// What is blanked in the parts of an Office file. Only values are changed, so the
// parts stay well-formed; texts stay, those of comments too.
var blanked = []struct {
	part, from *regexp.Regexp
	to         string
}{
	{regexp.MustCompile(`^docProps/core\.xml$`), element("creator", "lastModifiedBy"), "$1$3"},
	{regexp.MustCompile(`^docProps/app\.xml$`), element("Company", "Manager", "HyperlinkBase"), "$1$3"},
	{regexp.MustCompile(`^docProps/custom\.xml$`), regexp.MustCompile(`(?s)(<(?:\w+:)?property\b[^>]*>\s*<(?:\w+:)?lpwstr>)[^<]*(</)`), "$1$2"},
	{regexp.MustCompile(`^(word|ppt|xl)/`), attribute("author", "initials", "userId", "providerId", "userName", "lastModifiedBy", "lastUser"), `$1"Author"`},
	{regexp.MustCompile(`^(ppt/(commentAuthors|authors)|xl/persons/person\d*|word/people)\.xml$`), attribute("name", "displayName"), `$1"Author"`},
	{regexp.MustCompile(`^xl/comments\d*\.xml$`), element("author"), "${1}Author$3"},
}

func element(names ...string) *regexp.Regexp {
	return regexp.MustCompile(`(<(?:\w+:)?(?:` + strings.Join(names, "|") + `)(?:\s[^>]*[^/])?>)([^<]*)(</)`)
}

func attribute(names ...string) *regexp.Regexp {
	return regexp.MustCompile(`(\s(?:\w+:)?(?:` + strings.Join(names, "|") + `)\s*=\s*)("[^"]*"|'[^']*')`)
}

// cleanOffice copies an Office file part by part, without the names of people and
// without what its pictures carry unseen.
func cleanOffice(ctx context.Context, w io.Writer, f File) error {
	z, err := openZip(f)
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	left := &budget{4 * maxUnpacked}
	for _, p := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := cleanPart(out, p, left); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write copy: %w", err)
	}
	return nil
}

func cleanPart(out *zip.Writer, p *zip.File, left *budget) error {
	r, err := p.Open()
	if err != nil {
		return Unreadable{"extract.damaged"}
	}
	defer r.Close()
	to, err := out.CreateHeader(&zip.FileHeader{Name: p.Name, Method: zip.Deflate})
	if err != nil {
		return fmt.Errorf("write copy: %w", err)
	}
	body, err := io.ReadAll(left.reader(r))
	if err != nil {
		var u Unreadable
		if errors.As(err, &u) {
			return u
		}
		return Unreadable{"extract.damaged"}
	}
	switch strings.ToLower(path.Ext(p.Name)) {
	case ".xml":
		for _, b := range blanked {
			if b.part.MatchString(p.Name) {
				body = b.from.ReplaceAll(body, []byte(b.to))
			}
		}
	case ".jpg", ".jpeg":
		body = cleanedPicture(body, cleanJPEG)
	case ".png":
		body = cleanedPicture(body, cleanPNG)
	}
	_, err = to.Write(body)
	return err
}

// cleanedPicture is the picture without what it carries unseen; one that cannot be
// read stays, as nobody else can read it either.
func cleanedPicture(body []byte, clean func(io.Writer, io.Reader) error) []byte {
	var b bytes.Buffer
	if clean(&b, bytes.NewReader(body)) != nil {
		return body
	}
	return b.Bytes()
}
