package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct {
	Format format `enum:"text,json" default:"text"`
}

// Run prints what the program was built from.
func (c versionCommand) Run(a *app) error {
	v := programVersion()
	if c.Format.json() {
		return a.json(map[string]string{"version": v, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH})
	}
	fmt.Fprintf(a.out, "lianshen %s %s %s/%s\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// programVersion is the version of the module, else the commit it was built from,
// else "dev".
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	commit := set["vcs.revision"]
	if len(commit) < 12 {
		return "dev"
	}
	if set["vcs.modified"] == "true" {
		return "dev-" + commit[:12] + "+changes"
	}
	return "dev-" + commit[:12]
}
