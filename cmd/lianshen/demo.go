package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"lianshen/internal/config"
	"lianshen/internal/demo"
	"lianshen/internal/lang"
	"lianshen/internal/web"
)

type demoCommand struct {
	Data    string `placeholder:"DIR"`
	Addr    string `placeholder:"HOST:PORT"`
	Browser string `placeholder:"PATH"`
	Fresh   bool
	Ahead   uint8 `placeholder:"DAYS"`
}

// Run shows the sample round on this machine, without any other set-up.
func (c demoCommand) Run(a *app) error {
	dir, err := c.folder(a)
	if err != nil {
		return err
	}
	if err := claim(dir, c.Fresh); err != nil {
		return err
	}
	ln, moved, err := demoListener(cmp.Or(c.Addr, a.getenv("LIANSHEN_ADDR")))
	if err != nil {
		return err
	}
	defer ln.Close() //nolint:errcheck // closed by the server where it matters
	in, loaded, err := a.openDemo(dir, int(c.Ahead))
	if err != nil {
		return err
	}
	defer in.close()
	log := a.logger(config.Log{Format: "text", Level: cmp.Or(a.getenv("LIANSHEN_LOG_LEVEL"), "warn")})
	print, err := printing(cmp.Or(c.Browser, a.getenv("LIANSHEN_BROWSER")))
	if err != nil {
		return err
	}
	handler, err := in.site(a.ctx, log, web.Config{Done: a.ctx.Done(), Printer: print, Demo: demoUsers(), Dev: a.getenv("LIANSHEN_DEV") != ""})
	if err != nil {
		return err
	}
	a.welcome(ln, moved, dir, loaded)
	err = a.serve(ln, handler, log)
	a.bothLanguages("cli.demo.stopped")
	return err
}

// folder is where the demonstration keeps its data: where the system keeps data of
// programs, unless another folder is named.
func (c demoCommand) folder(a *app) (string, error) {
	if dir := cmp.Or(c.Data, a.getenv("LIANSHEN_DATA")); dir != "" {
		return dir, nil
	}
	if dir := a.getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "lianshen", "demo"), nil
	}
	if home := a.getenv("HOME"); home != "" && runtime.GOOS == "linux" {
		return filepath.Join(home, ".local", "share", "lianshen", "demo"), nil
	}
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "lianshen", "demo"), nil
	}
	return "lianshen-demo", nil
}

// demoMarker is the file by which a folder is known to belong to a demonstration.
// Nothing without it is ever deleted.
const demoMarker = "LIANSHEN-DEMO.txt"

// claim makes the folder, empties it if a fresh start is asked for, and refuses one
// that holds something else.
func claim(dir string, fresh bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return refused("cli.demo.folder", dir).because(err)
	}
	_, unmarked := os.Stat(filepath.Join(dir, demoMarker))
	if len(entries) > 0 && unmarked != nil {
		return refused("cli.demo.foreign", dir, demoMarker)
	}
	if fresh {
		if err := clearFolder(dir, entries); err != nil {
			return refused("cli.demo.folder", dir).because(err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return refused("cli.demo.folder", dir).because(err)
	}
	text := lang.Say(lang.ZH, "cli.demo.marker") + "\n" + lang.Say(lang.EN, "cli.demo.marker") + "\n"
	if err := os.WriteFile(filepath.Join(dir, demoMarker), []byte(text), 0o600); err != nil {
		return refused("cli.demo.folder", dir).because(err)
	}
	return nil
}

// clearFolder removes what is in the folder, the marker last: cut off in the middle,
// the folder can still be told.
func clearFolder(dir string, entries []os.DirEntry) error {
	for _, e := range entries {
		if e.Name() == demoMarker {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

const (
	demoHost = "127.0.0.1"
	demoPort = 8080
)

// demoListener takes the address that was asked for or none; without one, the
// default or the next free port, of which moved tells.
func demoListener(asked string) (ln net.Listener, moved bool, err error) {
	if asked != "" {
		if ln, err = net.Listen("tcp", asked); err != nil {
			return nil, false, trouble{exitAddress, "cli.address.taken", []any{asked}, err}
		}
		return ln, false, nil
	}
	for port := demoPort; port < demoPort+100; port++ {
		ln, err = net.Listen("tcp", net.JoinHostPort(demoHost, strconv.Itoa(port)))
		if err == nil || !taken(err) {
			break
		}
	}
	if err != nil {
		return nil, false, trouble{exitAddress, "cli.address.taken", []any{demoHost + ":" + strconv.Itoa(demoPort)}, err}
	}
	return ln, ln.Addr().(*net.TCPAddr).Port != demoPort, nil
}

// openDemo opens the data and loads the sample round the first time. A load that
// was cut off is begun again: nothing of anybody's work can be in it.
func (a *app) openDemo(dir string, ahead int) (*installation, bool, error) {
	s := config.Settings{Data: dir}.Or(config.Default())
	for again := range 2 {
		clk := demo.NewClock()
		in, err := connect(a, s, clk.Now)
		if err != nil {
			return nil, false, err
		}
		in.zone, in.Zone, in.Demo = demo.Zone, demo.Zone, true
		loaded, err := demo.Start(a.ctx, in.Service, clk)
		if err == nil && ahead > 0 {
			err = demo.Advance(a.ctx, in.Service, clk, ahead)
		}
		if err == nil {
			return in, loaded, nil
		}
		in.close()
		if !errors.Is(err, demo.ErrNotDemo) || again == 1 {
			return nil, false, err
		}
		if err := claim(dir, true); err != nil {
			return nil, false, err
		}
	}
	return nil, false, demo.ErrNotDemo
}

func demoUsers() []web.DemoUser {
	var list []web.DemoUser
	for _, u := range demo.MainUsers() {
		list = append(list, web.DemoUser{Username: u.Username, Name: u.Name, Role: string(u.Role), For: u.Body + u.Organisation})
	}
	return list
}

// welcome says where the demonstration is, who can sign in, and what to try, in
// both languages: nobody has chosen one yet.
func (a *app) welcome(ln net.Listener, moved bool, dir string, loaded bool) {
	address := "http://" + browsable(ln.Addr().String()) + "/"
	fmt.Fprintln(a.out)
	a.bothLanguages("cli.demo.running", address)
	if moved {
		a.bothLanguages("cli.demo.moved", demoPort, ln.Addr().(*net.TCPAddr).Port)
	}
	if ip := ln.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		a.bothLanguages("cli.demo.open")
	}
	if loaded {
		a.bothLanguages("cli.demo.loaded", dir)
	} else {
		a.bothLanguages("cli.demo.kept", dir)
	}
	fmt.Fprintln(a.out)
	a.bothLanguages("cli.demo.users")
	var rows [][]string
	for _, u := range demo.MainUsers() {
		rows = append(rows, []string{
			"  " + u.Username, u.Name, lang.Say(lang.ZH, "role."+string(u.Role)) + " / " + lang.Say(lang.EN, "role."+string(u.Role)),
			u.Body + u.Organisation, u.Title,
		})
	}
	a.table(rows)
	fmt.Fprintln(a.out)
	a.bothLanguages("cli.demo.try")
	a.bothLanguages("cli.demo.shell", dir)
	a.bothLanguages("cli.demo.stop")
}

// bothLanguages prints the wording in Chinese and in English.
func (a *app) bothLanguages(key string, args ...any) {
	for _, tag := range lang.Tags {
		fmt.Fprintln(a.out, lang.Say(tag, key, args...))
	}
}
