//go:build broken_unique

package store

// Broken on purpose, in no build but that of scripts/broken-builds.sh: nothing
// keeps a party from having two verdicts on one version, neither the turn that
// writers take (turn_broken.go) nor, here, the keys of the tables. With one of the
// two in place the other is never needed.
func init() {
	for _, name := range []string{"verdict", "opinion", "act_key"} {
		for _, d := range []*dialect{&sqlite, &postgres} {
			d.after = append(d.after,
				`create table loose as select * from `+name,
				`drop table `+name,
				`alter table loose rename to `+name)
		}
	}
}
