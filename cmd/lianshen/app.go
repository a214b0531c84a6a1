package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"lianshen/internal/lang"
)

// commands is the whole command line. Each command is a struct in a file of its
// own; its words are in the catalogue under "cli." and its path.
type commands struct {
	Lang string `enum:"zh,en," default:"" placeholder:"zh|en"`

	Demo    demoCommand    `cmd:""`
	Serve   serveCommand   `cmd:""`
	Migrate migrateCommand `cmd:""`
	User    struct {
		Add    userAddCommand    `cmd:""`
		Passwd userPasswdCommand `cmd:""`
		List   userListCommand   `cmd:""`
		Token  userTokenCommand  `cmd:""`
	} `cmd:""`
	Import   importCommand `cmd:""`
	Export   exportCommand `cmd:""`
	Rate     rateCommand   `cmd:""`
	Verify   verifyCommand `cmd:""`
	Evidence struct {
		Reclaim evidenceReclaim `cmd:""`
		Rescan  evidenceRescan  `cmd:""`
	} `cmd:""`
	Backup  backupCommand  `cmd:""`
	Restore restoreCommand `cmd:""`
	Version versionCommand `cmd:""`
}

// A shell is what a command is run from.
type shell struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

// An app is what a command is given.
type app struct {
	shell
	ctx context.Context
	tag lang.Tag
}

func (a *app) say(key string, args ...any) string { return lang.Say(a.tag, key, args...) }

// print writes worded lines to standard output.
func (a *app) print(key string, args ...any) { fmt.Fprintln(a.out, a.say(key, args...)) }

// note writes to standard error what is not the result.
func (a *app) note(key string, args ...any) { fmt.Fprintln(a.err, a.say(key, args...)) }

// run is the program but for the process around it. It returns the exit code.
func run(ctx context.Context, args []string, sh shell) int {
	a := &app{shell: sh, ctx: ctx, tag: language(args, sh.getenv)}
	parser, helped, err := newParser(a)
	if err != nil {
		fmt.Fprintln(a.err, err) // a mistake in the structs, which a test finds
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case *helped:
		return exitOK
	case err != nil:
		fmt.Fprintln(a.err, a.say("cli.usage", err.Error()))
		var at *kong.ParseError
		if errors.As(err, &at) && at.Context != nil && at.Context.Selected() != nil {
			fmt.Fprintln(a.err, a.say("cli.usage.help", at.Context.Selected().FullPath()))
		}
		return exitUsage
	}
	return a.explain(parsed.Run(a))
}

// newParser makes the parser; helped says afterwards that help was printed.
func newParser(a *app) (parser *kong.Kong, helped *bool, err error) {
	helped = new(bool)
	parser, err = kong.New(&commands{},
		kong.Name("lianshen"),
		kong.Writers(a.out, a.err),
		kong.Exit(func(int) { *helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.PostBuild(func(k *kong.Kong) error { wordNode(a, k.Model.Node, "cli"); return nil }),
		kong.Help(func(o kong.HelpOptions, ctx *kong.Context) error { return a.help(o, ctx) }),
	)
	return parser, helped, err
}

// wordNode puts the words of the catalogue beside a command, what it takes, and
// the commands below it.
func wordNode(a *app, n *kong.Node, path string) {
	n.Help = a.say(path)
	for _, f := range n.Flags {
		f.Help = a.say(flagKey(path, f.Name))
	}
	for _, p := range n.Positional {
		p.Help = a.say("cli.arg." + p.Name)
	}
	for _, child := range n.Children {
		wordNode(a, child, path+"."+child.Name)
	}
}

// flagKey names the wording of a flag: its own where the command has one, else
// that of the flag's name everywhere.
func flagKey(path, name string) string {
	if own := path + ".flag." + name; lang.Has(own) {
		return own
	}
	return "cli.flag." + name
}

// help prints what kong knows, then an example, then what the exit codes mean.
func (a *app) help(o kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(o, ctx); err != nil {
		return err
	}
	path := "cli"
	if at := ctx.Selected(); at != nil {
		path += "." + strings.ReplaceAll(strings.TrimPrefix(at.Path(), "lianshen "), " ", ".")
	}
	if lang.Has(path + ".example") {
		fmt.Fprintf(a.out, "\n%s\n%s\n", a.say("cli.examples"), indent(a.say(path+".example")))
	}
	fmt.Fprintf(a.out, "\n%s\n%s\n", a.say("cli.codes"), indent(a.say("cli.codes.list")))
	return nil
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// language is that of --lang or LIANSHEN_LANG, else that of the shell if it is
// English, else Chinese: help must be in it too, so it is found before parsing.
func language(args []string, getenv func(string) string) lang.Tag {
	said := getenv("LIANSHEN_LANG")
	for i, arg := range args {
		if arg == "--lang" && i+1 < len(args) {
			said = args[i+1]
		}
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			said = v
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if said == "" {
			said = getenv(name)
		}
	}
	if strings.HasPrefix(strings.ToLower(said), "en") {
		return lang.EN
	}
	return lang.ZH
}
