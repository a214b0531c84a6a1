package extract

import (
	"context"
	"fmt"
	"io"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// clean writes the pages of a PDF as a new document: information, metadata, scripts
// and attachments belong to the document and stay behind; the names on remarks are
// taken off the pages.
func (e *engine) clean(ctx context.Context, w io.Writer, file io.ReadSeeker, size int64) error {
	var copied []byte
	err := e.open(ctx, file, size, func(p pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		n, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return err
		}
		made, err := p.FPDF_CreateNewDocument(&requests.FPDF_CreateNewDocument{})
		if err != nil {
			return err
		}
		if _, err := p.FPDF_ImportPages(&requests.FPDF_ImportPages{Source: doc, Destination: made.Document}); err != nil {
			return err
		}
		if err := namelessRemarks(p, made.Document, n.PageCount); err != nil {
			return err
		}
		saved, err := p.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: made.Document})
		if err != nil {
			return err
		}
		copied = *saved.FileBytes
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := w.Write(copied); err != nil {
		return fmt.Errorf("write copy: %w", err)
	}
	return nil
}

// namelessRemarks blanks who made each annotation.
func namelessRemarks(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, pages int) error {
	for i := range pages {
		page := pageOf(doc, i)
		n, err := p.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
		if err != nil {
			return err
		}
		for k := range n.Count {
			a, err := p.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: k})
			if err != nil {
				return err
			}
			_, err = p.FPDFAnnot_SetStringValue(&requests.FPDFAnnot_SetStringValue{Annotation: a.Annotation, Key: "T", Value: ""})
			if err != nil {
				return err
			}
			if _, err := p.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation}); err != nil {
				return err
			}
		}
	}
	return nil
}
