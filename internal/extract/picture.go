package extract

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	_ "image/png" // decoded by image.Decode
	"io"
	"sync"

	scale "golang.org/x/image/draw"
)

// Bounds of pictures.
const (
	maxPixels  = 40_000_000 // of a picture that is opened
	maxExif    = 256 << 10  // bytes looked at for the orientation
	previewQ   = 82         // quality of a preview
	LargeSide  = 1600       // pixels of a page or picture to be read
	SmallSide  = 320        // pixels of a thumbnail
	MaxPreview = maxPages   // pages of a file that have a picture
)

// pictures are opened one at a time: a large one takes a good part of the memory.
var pictures sync.Mutex

// Preview writes a JPEG of the page of a file, counted from 1, at most side pixels
// wide and high, and returns how many pages there are. The picture is drawn anew, so
// nothing that the file carries unseen is in it.
func (x *Extractor) Preview(ctx context.Context, w io.Writer, f File, page, side int) (pages int, err error) {
	var picture image.Image
	switch f.Type {
	case pdfType:
		picture, pages, err = x.engine.page(ctx, f, f.Size, page, side)
	case jpegType, pngType:
		pages = 1
		if page != 1 {
			return pages, Unreadable{"extract.no_page"}
		}
		picture, err = small(f, side)
	default:
		return 0, Unreadable{"extract.type"}
	}
	if err != nil {
		return pages, err
	}
	if err := jpeg.Encode(w, picture, &jpeg.Options{Quality: previewQ}); err != nil {
		return pages, fmt.Errorf("write preview: %w", err)
	}
	return pages, nil
}

// Shown reports whether files of the type have previews.
func Shown(mediaType string) bool {
	return mediaType == pdfType || mediaType == jpegType || mediaType == pngType
}

// small opens a picture, turns it upright and scales it down.
func small(f File, side int) (image.Image, error) {
	config, kind, err := image.DecodeConfig(f)
	if err != nil || kind != "jpeg" && kind != "png" {
		return nil, Unreadable{"extract.damaged"}
	}
	if config.Width*config.Height > maxPixels || config.Width < 1 || config.Height < 1 {
		return nil, Unreadable{"extract.too_big"}
	}
	head := make([]byte, maxExif)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	n, _ := io.ReadFull(f, head)
	turn := orientation(head[:n])
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	pictures.Lock()
	defer pictures.Unlock()
	full, _, err := image.Decode(f)
	if err != nil {
		return nil, Unreadable{"extract.damaged"}
	}
	return upright(fit(full, side), turn), nil
}

// fit scales a picture down to the side, on white where it is transparent.
func fit(full image.Image, side int) *image.RGBA {
	b := full.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	scale.ApproxBiLinear.Scale(out, out.Bounds(), full, b, draw.Over, nil)
	return out
}

// upright turns a picture as its EXIF orientation says, 1 to 8.
func upright(p *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if turn > 4 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := place(turn, x, y, w, h)
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}

// place is where a point goes when a picture of w by h is turned upright.
func place(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// copied is a picture with pixels of its own.
func copied(from image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, from.Bounds().Dx(), from.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), from, from.Bounds().Min, draw.Over)
	return out
}
