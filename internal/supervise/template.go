package supervise

import (
	"bytes"
	"errors"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/store"
)

// fits sees whether a file can be used as a template of the kind: whether it can be
// read at all, and with whole set, whether every field in it is known. What is wrong
// with it goes to env.Unfit.
func (g *gatherer) fits(kind, digest string, aliases map[string]string, whole bool) {
	gather(g, &g.env.Unfit, func() (string, error) {
		k, known := paper.KindOf(kind)
		if !known {
			return "template.no_kind", nil
		}
		file, err := g.tx.TemplateFile(g.ctx, digest)
		if errors.Is(err, store.ErrNotFound) {
			return "template.no_version", nil
		}
		if err != nil {
			return "", err
		}
		t, err := paper.Parse(bytes.NewReader(file), int64(len(file)))
		if err == nil {
			_, err = t.Bind(k, aliases)
		}
		var faults paper.Faults
		if !errors.As(err, &faults) {
			return "", err
		}
		for _, f := range faults {
			if whole || !f.Unknown() {
				return f.Code, nil
			}
		}
		return "", nil
	})
}

// template sees whether the file of the act fits. The program's own always does, and
// one that is not there is refused by the rule.
func (g *gatherer) template(kind string, number int, aliases map[string]string, whole bool) {
	var t ledger.Template
	gather(g, &t, func() (ledger.Template, error) { return g.tx.Template(g.ctx, kind) })
	v, known := t.Find(number)
	if !known {
		return
	}
	if whole {
		aliases = v.Aliases
	}
	g.fits(kind, v.File.SHA256, aliases, whole)
}
