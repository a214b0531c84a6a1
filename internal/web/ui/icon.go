package ui

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"lianshen/internal/web/static"
)

// markup is HTML that this package has built from its own constants and from escaped text.
type markup string

func (m markup) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(m))
	return err
}

// icons caches the markup of icons: a ledger page has several hundred of the same dozen.
var icons sync.Map

type iconKey struct{ name, class string }

// Icon is a picture from the sprite by its Tabler name. class is "" (16 px), s14, s18, s20 or s24, and may add a colour
// (cx-red …). An icon never stands alone: the words beside it carry the meaning. name and class are constants of the
// program, never input.
func Icon(name, class string) templ.Component {
	return markup(iconMarkup(name, class))
}

func iconMarkup(name, class string) string {
	key := iconKey{name, class}
	if m, ok := icons.Load(key); ok {
		return m.(string)
	}
	c := "i"
	if class != "" {
		c += " " + class
	}
	m := `<svg class="` + templ.EscapeString(c) + `" aria-hidden="true" focusable="false"><use href="` +
		templ.EscapeString(static.Icon(name)) + `"></use></svg>`
	icons.Store(key, m)
	return m
}
