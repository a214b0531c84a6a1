package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"lianshen/internal/clock"
	"lianshen/internal/config"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// The scripts in testdata run the real main.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lianshen": main})
}

func TestScripts(t *testing.T) {
	sample, err := filepath.Abs("../../internal/sheet/testdata/ledger-all.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SAMPLE", sample)
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"seed": seed, "tamper": tamper, "flipbyte": flipByte, "freeport": freePort,
			"get": get, "jsonlen": jsonLength, "capture": capture,
		},
	})
}

// seed DIR makes an installation with round 8, the organisations of the sample and
// one clerk, zhouml.
func seed(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(seedSite(context.Background(), filepath.Join(dir, databaseFile)))
}

var seeded = []struct{ code, full string }{
	{"JT", "中共云溪县教育体育局党组"},
	{"WJ", "中共云溪县卫生健康局党组"},
	{"NY", "中共云溪县农业农村局党组"},
	{"MZ", "中共云溪县民政局党组"},
	{"SW", "中共云溪县水务局党组"},
	{"LC", "中共云溪县林业和草原局党组"},
	{"DX", "中共云溪县委党校校务委员会"},
}

func seedSite(ctx context.Context, path string) error {
	db, err := store.Open(ctx, path, clock.Real)
	if err != nil {
		return err
	}
	defer db.Close()
	s := supervise.New(db, time.UTC)
	clerk := policy.Actor{Person: "seed", Role: ledger.Clerk, Body: "office"}
	feedback, err := workday.Parse("2025-11-20")
	if err != nil {
		return err
	}
	open := ledger.OpenRound{Number: 8, Mechanism: "weixi", Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: feedback}}
	acts := []ledger.Act{
		ledger.AddBody{Code: "office", Name: "县委巡察办"},
		ledger.AddBody{Code: "discipline", Name: "县纪委监委"},
		ledger.AddBody{Code: "personnel", Name: "县委组织部"},
		ledger.AddBody{Code: "team-1", Name: "县委第一巡察组", Team: true},
	}
	for _, o := range seeded {
		acts = append(acts, ledger.AddOrganisation{Code: o.code, Name: ledger.Name{Full: o.full}})
		open.Organisations = append(open.Organisations, ledger.Inspected{Organisation: o.code, Team: "team-1"})
	}
	for _, act := range append(acts, open) {
		if _, err := s.Do(ctx, clerk, supervise.Order{Act: act}); err != nil {
			return err
		}
	}
	person, initial, err := s.AddUser(ctx, supervise.Console, supervise.NewUser{
		Username: "zhouml", Name: "周明丽", Posts: []ledger.Post{{Role: ledger.Clerk, Body: "office"}},
	})
	if err != nil {
		return err
	}
	_, err = s.ChangePassword(ctx, policy.Actor{Person: person.ID}, initial, "correct-horse-battery-1")
	return err
}

// tamper FILE SQL changes the database behind the program's back.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	res, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("%s: changed nothing: %v", args[1], err)
	}
}

// flipbyte FILE changes one byte in the middle.
func flipByte(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	text, err := os.ReadFile(name)
	ts.Check(err)
	text[len(text)/2] ^= 1
	ts.Check(os.WriteFile(name, text, 0o600))
}

// freeport VARIABLE puts a free port into the environment.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer ln.Close()
	ts.Setenv(args[0], strconv.Itoa(ln.Addr().(*net.TCPAddr).Port))
}

// get URL [TOKEN] asks until the server answers and writes the body to the file "body".
func get(ts *testscript.TestScript, neg bool, args []string) {
	var body []byte
	err := eventually(func() error {
		r, err := http.NewRequest("GET", args[0], nil)
		if err != nil {
			return err
		}
		if len(args) > 1 {
			r.Header.Set("Authorization", "Bearer "+args[1])
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if body, err = io.ReadAll(answer.Body); err == nil && answer.StatusCode >= 400 != neg {
			return fmt.Errorf("%s: %s", answer.Status, body)
		}
		return err
	})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("body"), body, 0o600))
}

// eventually tries for as long as a slow machine may need to load the sample.
func eventually(try func() error) (err error) {
	for range 600 {
		if err = try(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// jsonlen FILE KEY N checks the length of a list; KEY is "." for the whole.
func jsonLength(ts *testscript.TestScript, _ bool, args []string) {
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	if args[1] != "." {
		v = v.(map[string]any)[args[1]]
	}
	list, ok := v.([]any)
	if n, _ := strconv.Atoi(args[2]); !ok || len(list) != n {
		ts.Fatalf("%s of %s has %d entries, want %d", args[1], args[0], len(list), n)
	}
}

// capture VARIABLE FILE REGEXP puts the first group into the environment.
func capture(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if m == nil {
		ts.Fatalf("%s: no match of %s", args[1], args[2])
	}
	ts.Setenv(args[0], m[1])
}

// Every command, flag and argument has words in both languages, and every
// command an example and the exit codes.
func TestEveryCommandIsWorded(t *testing.T) {
	for _, tag := range lang.Tags {
		var out bytes.Buffer
		sh := shell{nil, &out, &out, func(name string) string {
			return map[string]string{"LIANSHEN_LANG": string(tag)}[name]
		}}
		for _, command := range []string{
			"", "demo", "serve", "migrate", "user", "user add", "user passwd", "user list", "user token",
			"import", "export", "rate", "verify", "backup", "restore", "version",
		} {
			out.Reset()
			code := run(t.Context(), append(strings.Fields(command), "--help"), sh)
			text := out.String()
			if code != exitOK || strings.Contains(text, "⟦") {
				t.Errorf("%s %q: exit %d\n%s", tag, command, code, text)
			}
			if !strings.Contains(text, lang.Say(tag, "cli.codes")) {
				t.Errorf("%s %q: no exit codes", tag, command)
			}
			if command != "user" && !strings.Contains(text, "lianshen "+command) {
				t.Errorf("%s %q: no example", tag, command)
			}
		}
	}
}

// The sources name no wording that the catalogue lacks.
func TestEveryMessageIsWorded(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(cli\.[a-z_.]+[a-z_])"`)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(text), -1) {
			if !lang.Has(m[1]) {
				t.Errorf("%s: %q has no wording", name, m[1])
			}
		}
	}
}

func TestTakenDefaultPortGivesTheNextFreeOne(t *testing.T) {
	first, err := net.Listen("tcp", net.JoinHostPort(demoHost, strconv.Itoa(demoPort)))
	if err == nil { // else somebody else has taken it, which serves as well
		defer first.Close()
	}
	ln, moved, err := demoListener("")
	if err != nil || !moved {
		t.Fatalf("moved = %v, %v; want another port", moved, err)
	}
	defer ln.Close()
	if port := ln.Addr().(*net.TCPAddr).Port; port <= demoPort {
		t.Errorf("port %d", port)
	}
	if _, _, err := demoListener(ln.Addr().String()); err == nil {
		t.Error("an address that was asked for and is taken: no error")
	}
}

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	proxies, err := config.Prefixes("127.0.0.1, 10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ peer, header, want string }{
		{"127.0.0.1:4000", "192.0.2.7", "192.0.2.7"},
		{"127.0.0.1:4000", "198.51.100.9, 192.0.2.7, 10.1.1.1", "192.0.2.7"},
		{"192.0.2.8:4000", "203.0.113.1", "192.0.2.8"},
		{"127.0.0.1:4000", "", "127.0.0.1"},
		{"127.0.0.1:4000", "not an address", "127.0.0.1"},
		{"[::ffff:127.0.0.1]:4000", "192.0.2.7", "192.0.2.7"},
	} {
		if got, _ := sender(proxies, c.peer, []string{c.header}); got.String() != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.peer, c.header, got, c.want)
		}
	}
}
