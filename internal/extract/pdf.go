package extract

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Bounds of the engine for PDF files.
const (
	enginePages = 4096             // of memory, 64 KiB each: 256 MB for one file
	engineTime  = 30 * time.Second // for one file
	engineIdle  = time.Minute      // without work before the engine is given up with its memory
	maxPages    = 500              // whose text is taken
)

// An engine runs PDFium as WebAssembly: a file that breaks it breaks a sandbox with
// neither files nor network nor more memory than enginePages. One file at a time.
// It is made at the first file, and given up when there was none for a while, so a
// program at rest does not pay for it.
type engine struct {
	cache wazero.CompilationCache // of the compiled module; nil for none

	turn  sync.Mutex // one file at a time
	pool  pdfium.Pool
	timer *time.Timer
}

func (e *engine) start() error {
	if e.pool != nil {
		return nil
	}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(enginePages).
		WithCloseOnContextDone(true)
	if e.cache != nil {
		config = config.WithCompilationCache(e.cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxTotal: 1, FSConfig: wazero.NewFSConfig(), RuntimeConfig: config, Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	e.pool = pool
	return nil
}

// stop gives up the engine, if nobody uses it.
func (e *engine) stop() {
	e.turn.Lock()
	defer e.turn.Unlock()
	if e.pool != nil {
		_ = e.pool.Close() // nothing is kept in it
		e.pool = nil
	}
}

// open calls f with the document, alone and for a bounded time. A file that the
// engine cannot read, or on which it runs out of time or memory, is Unreadable.
func (e *engine) open(ctx context.Context, file io.ReadSeeker, size int64, f func(pdfium.Pdfium, references.FPDF_DOCUMENT) error) (err error) {
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.start(); err != nil {
		return err
	}
	if e.timer == nil {
		e.timer = time.AfterFunc(engineIdle, e.stop)
	}
	defer e.timer.Reset(engineIdle)
	ctx, cancel := context.WithTimeout(ctx, engineTime)
	defer cancel()
	instance, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return fmt.Errorf("get the PDF engine: %w", err)
	}
	ended := make(chan struct{})
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		select {
		case <-ctx.Done():
			_ = instance.Kill()
		case <-ended:
		}
	}()
	defer func() {
		close(ended)
		<-killed
		if fault := recover(); fault != nil { // of the glue around the sandbox: the file did it
			err = Unreadable{"extract.damaged"}
		}
		if ctx.Err() != nil {
			err = Unreadable{"extract.too_slow"}
			return
		}
		_ = instance.Close()
	}()
	doc, err := instance.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: size})
	if err != nil {
		return pdfFault(err)
	}
	if err := f(instance, doc.Document); err != nil {
		return pdfFault(err)
	}
	return nil
}

func pdfFault(err error) error {
	var unreadable Unreadable
	switch {
	case errors.As(err, &unreadable):
		return unreadable
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return Unreadable{"extract.password"}
	}
	return Unreadable{"extract.damaged"}
}

func pageOf(doc references.FPDF_DOCUMENT, index int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
}

func (e *engine) text(ctx context.Context, file io.ReadSeeker, size int64) (t Text, err error) {
	err = e.open(ctx, file, size, func(p pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		n, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return err
		}
		t.Pages = n.PageCount
		var b strings.Builder
		for i := range min(n.PageCount, maxPages) {
			page, err := p.GetPageText(&requests.GetPageText{Page: pageOf(doc, i)})
			if err != nil {
				return err
			}
			b.WriteString(page.Text)
			b.WriteString("\n")
			if b.Len() > 4*MaxText {
				break
			}
		}
		t.Body = b.String()
		t.Cut = n.PageCount > maxPages
		return nil
	})
	return t, err
}

// page draws one page, counted from 1, into a picture at most side pixels wide and high.
func (e *engine) page(ctx context.Context, file io.ReadSeeker, size int64, number, side int) (picture image.Image, pages int, err error) {
	err = e.open(ctx, file, size, func(p pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		n, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return err
		}
		pages = n.PageCount
		if number < 1 || number > pages {
			return Unreadable{"extract.no_page"}
		}
		drawn, err := p.RenderPageInPixels(&requests.RenderPageInPixels{Page: pageOf(doc, number-1), Width: side, Height: side})
		if err != nil {
			return err
		}
		defer drawn.Cleanup()
		picture = copied(drawn.Result.RenderedImage) // the pixels belong to the engine
		return nil
	})
	return picture, pages, err
}
