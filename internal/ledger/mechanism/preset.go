package mechanism

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Usual is the code of the preset that is proposed first.
const Usual = "weixi"

//go:embed presets/*.yaml
var presets embed.FS

// Presets returns the mechanisms that come with the program, by code. The map is
// the caller's own; what it holds is shared and not to be changed.
func Presets() map[string]Mechanism { return maps.Clone(readPresets()) }

var readPresets = sync.OnceValue(func() map[string]Mechanism {
	all := map[string]Mechanism{}
	files, err := presets.ReadDir("presets")
	if err != nil {
		panic(err) // embedded: a build without presets is broken
	}
	for _, f := range files {
		text, _ := presets.ReadFile("presets/" + f.Name())
		m, err := Parse(text)
		if err != nil {
			panic(fmt.Sprintf("mechanism: preset %s: %v", f.Name(), err))
		}
		all[m.Code] = m
	}
	return all
})

// Order returns the codes as they are offered: the usual one, then by code.
func Order(all map[string]Mechanism) []string {
	codes := slices.Sorted(maps.Keys(all))
	if i := slices.Index(codes, Usual); i > 0 {
		codes = slices.Insert(slices.Delete(codes, i, i+1), 0, Usual)
	}
	return codes
}
