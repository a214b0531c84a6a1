package paper

import (
	"slices"
	"strings"
)

// Aliases lead from an office's own names of fields to those of the kind, as paths:
// "title", "findings.text". The empty path leaves the field blank knowingly.
type Aliases map[string]string

// A Form is a template whose fields are all known: it can be filled. It may be used by
// several goroutines at once.
type Form struct {
	t    *Template
	uses []target
}

// target is what a use of a template is filled with.
type target struct {
	level int    // of the repeating parts around it, 0 for the document itself
	code  string // key of its Data; "" leaves it blank
	list  bool
	count byte // 'i' or 'o' for a counter of the rows of level
}

// scope is the document or a row of a repeating part of it.
type scope struct {
	path   string // "findings.measures"
	fields []Field
}

// Bind finds what each field of the template means. The error is Faults: one for each
// name that is not known, with the nearest ones that are.
func (t *Template) Bind(k Kind, aliases Aliases) (*Form, error) {
	b := binder{root: k.All(), aliases: map[string]string{}}
	for name, path := range aliases {
		b.aliases[sameName(name)] = path
	}
	f := &Form{t: t}
	for _, u := range t.uses {
		f.uses = append(f.uses, b.target(u))
	}
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	return f, nil
}

type binder struct {
	root    []Field
	aliases map[string]string
	faults  Faults
}

func (b *binder) target(u Use) target {
	chain := []scope{{fields: b.root}}
	for _, name := range u.Within {
		path, field, level := b.find(chain, name)
		if level < 0 {
			return b.loose(u)
		}
		if !field.IsList() {
			continue
		}
		chain = append(chain, scope{path, field.Fields})
	}
	path, field, level := b.find(chain, u.Name)
	switch {
	case level < 0:
		return b.missing(u, chain)
	case field.IsList() && u.Sign == "":
		b.fault(codeIsList, u)
	case field.IsList() && u.Sign == "#" && slices.ContainsFunc(chain, func(s scope) bool { return s.path == path }):
		b.fault(codeWithinItself, u)
	}
	t := target{level: level, code: field.Code, list: field.IsList()}
	if path == "#" {
		t.count, t.code = field.Code[0], field.Code
	}
	return t
}

// find looks a name up in the innermost scope that knows it. level is -1 where none
// does; the path "#" is that of a counter.
func (b *binder) find(chain []scope, name string) (path string, field Field, level int) {
	if to, given := b.aliases[sameName(name)]; given {
		return b.follow(chain, to)
	}
	for level := len(chain) - 1; level >= 0; level-- {
		for _, f := range chain[level].fields {
			if f.named(name) {
				return under(chain[level].path, f.Code), f, level
			}
		}
	}
	for _, f := range Counters() {
		if f.named(name) && len(chain) > 1 {
			return "#", f, len(chain) - 1
		}
	}
	return "", Field{}, -1
}

// follow finds the field of a path, where one of the scopes has it.
func (b *binder) follow(chain []scope, path string) (string, Field, int) {
	at := strings.LastIndex(path, ".")
	parent, code := path[:max(at, 0)], path[at+1:]
	for level := len(chain) - 1; level >= 0; level-- {
		if chain[level].path != parent {
			continue
		}
		for _, f := range chain[level].fields {
			if f.Code == code {
				return path, f, level
			}
		}
	}
	return "", Field{}, -1
}

func under(path, code string) string {
	if path == "" {
		return code
	}
	return path + "." + code
}

// loose is the target of a use within a part that is not known itself: that one is
// reported, and this one only if no part has such a field.
func (b *binder) loose(u Use) target {
	if _, known := b.anywhere(b.root, u.Name); !known && !b.leftBlank(u.Name) && !isCounter(u.Name) {
		b.unknown(u, nil)
	}
	return target{}
}

func isCounter(name string) bool {
	return slices.ContainsFunc(Counters(), func(f Field) bool { return f.named(name) })
}

func (b *binder) leftBlank(name string) bool {
	path, given := b.aliases[sameName(name)]
	return given && path == ""
}

// missing reports a name that no scope around it knows.
func (b *binder) missing(u Use, chain []scope) target {
	if b.leftBlank(u.Name) {
		return target{}
	}
	name := u.Name
	if path := b.aliases[sameName(name)]; path != "" {
		name = path[strings.LastIndex(path, ".")+1:]
	}
	if list, known := b.anywhere(b.root, name); known && list != "" {
		b.fault(codeElsewhere, u, list)
		return target{}
	}
	b.unknown(u, chain)
	return target{}
}

// anywhere finds the repeating part that has a field of that name; "" is the
// document itself.
func (b *binder) anywhere(fields []Field, name string) (list string, known bool) {
	for _, f := range fields {
		if f.named(name) {
			return "", true
		}
	}
	for _, f := range fields {
		if inner, known := b.anywhere(f.Fields, name); known {
			if inner == "" {
				inner = f.Name
			}
			return inner, true
		}
	}
	return "", false
}

func (b *binder) fault(code string, u Use, args ...string) {
	b.faults = append(b.faults, Fault{Code: code, Field: u.Name, Place: u.Place, Args: args})
}

// unknown reports a name once, however often it stands there.
func (b *binder) unknown(u Use, chain []scope) {
	for _, f := range b.faults {
		if f.Unknown() && sameName(f.Field) == sameName(u.Name) {
			return
		}
	}
	var known []string
	for _, s := range chain {
		for _, f := range s.fields {
			known = append(known, f.Name, f.Code)
		}
	}
	if chain == nil {
		eachField(b.root, "", func(_ string, f Field) { known = append(known, f.Name, f.Code) })
	}
	if near := nearest(u.Name, known); len(near) > 0 {
		b.fault(codeUnknownNear, u, strings.Join(near, "、"))
		return
	}
	b.fault(codeUnknown, u)
}

// eachField calls fn for each field with its path, those of a part after the part.
func eachField(fields []Field, path string, fn func(path string, f Field)) {
	for _, f := range fields {
		at := under(path, f.Code)
		fn(at, f)
		eachField(f.Fields, at, fn)
	}
}

// EachField calls fn for each field of the kind with its path, those of a repeating
// part after the part.
func (k Kind) EachField(fn func(path string, f Field)) { eachField(k.All(), "", fn) }

// nearest returns up to three names that differ least from one: half of its
// characters at most.
func nearest(name string, known []string) []string {
	type near struct {
		name string
		far  int
	}
	var list []near
	a := []rune(sameName(name))
	for _, k := range known {
		r := []rune(sameName(k))
		d := distance(a, r)
		if strings.Contains(string(r), string(a)) || strings.Contains(string(a), string(r)) {
			d = min(d, 1)
		}
		if d*2 <= max(len(a), len(r)) {
			list = append(list, near{k, d})
		}
	}
	slices.SortStableFunc(list, func(x, y near) int { return x.far - y.far })
	var out []string
	for _, n := range list {
		if !slices.Contains(out, n.name) && len(out) < 3 {
			out = append(out, n.name)
		}
	}
	return out
}

// distance counts the characters to add, drop or change from one text to another.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		before := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := before
			if x != y {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
