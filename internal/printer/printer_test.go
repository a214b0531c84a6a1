//go:build unix

package printer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program writes a stand-in for the browser: the browser itself prints in the browser
// tests.
func program(t *testing.T, script string) *Printer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := New(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// out is the shell's way to the file that the browser is to write.
const out = `for a; do case $a in --print-to-pdf=*) out=${a#--print-to-pdf=};; file://*) page=${a#file://};; esac; done; `

func TestThePageIsGivenAndThePDFTaken(t *testing.T) {
	got, err := program(t, out+`printf '%%PDF-1.7 ' > "$out"; cat "$page" >> "$out"`).PDF(t.Context(), []byte("<p>函</p>"))
	if err != nil || string(got) != "%PDF-1.7 <p>函</p>" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestABrowserThatFailsIsAnError(t *testing.T) {
	for want, script := range map[string]string{
		"no room":     "echo no room; exit 3",
		"not printed": "exit 0",
		"is no PDF":   out + `echo hello > "$out"`,
	} {
		if _, err := program(t, script).PDF(t.Context(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := New(filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("a program that is not there is taken")
	}
}

func TestABrowserThatHangsIsEnded(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := program(t, "exec sleep 60").PDF(ctx, nil); err == nil || time.Since(start) > 20*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}
