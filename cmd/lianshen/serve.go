package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/config"
	"lianshen/internal/web"
)

type serveCommand struct {
	place
	Addr      string `placeholder:"HOST:PORT"`
	PublicURL string `name:"public-url" placeholder:"URL"`
	LogFormat string `placeholder:"text|json"`
	LogLevel  string `placeholder:"LEVEL"`
}

// Run serves the installation until it is interrupted.
func (c serveCommand) Run(a *app) error {
	s, err := c.settings(a, config.Settings{
		Addr: c.Addr, PublicURL: c.PublicURL, Log: config.Log{Format: c.LogFormat, Level: c.LogLevel},
	})
	if err != nil {
		return err
	}
	in, err := connect(a, s, clock.Real)
	if err != nil {
		return err
	}
	defer in.close()
	ln, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return trouble{exitAddress, "cli.address.taken", []any{s.Addr}, err}
	}
	defer ln.Close() //nolint:errcheck // closed by the server where it matters
	log := a.logger(s.Log)
	handler, err := in.site(log, web.Config{Secure: strings.HasPrefix(s.PublicURL, "https://")})
	if err != nil {
		return err
	}
	if err := a.offerSetUp(in, ln); err != nil {
		return err
	}
	log.Info("serving", slog.String("address", ln.Addr().String()), slog.String("database", in.DB.Engine()), slog.String("version", programVersion()))
	return a.serve(ln, handler, log)
}

// offerSetUp prints the one-time link of an empty installation. It goes to standard
// output and not into the log, which others may read.
func (a *app) offerSetUp(in *installation, ln net.Listener) error {
	secret, needed, err := in.EnsureSetUpToken(a.ctx)
	if err != nil || !needed {
		return err
	}
	base := strings.TrimSuffix(in.settings.PublicURL, "/")
	if base == "" {
		base = "http://" + browsable(ln.Addr().String())
	}
	a.print("cli.serve.setup", web.SetUpURL(base, secret))
	return nil
}

// site makes the handler of everything the installation shows.
func (i *installation) site(log *slog.Logger, c web.Config) (http.Handler, error) {
	files, err := i.files()
	if err != nil {
		return nil, err
	}
	if i.DB.Engine() == "sqlite" {
		if err := files.Sweep(); err != nil { // nobody else can be putting: the database is ours
			return nil, err
		}
	}
	c.Supervise, c.Blobs, c.Log = i.Service, files, log
	return web.New(c).Handler(), nil
}

// Times a connection may take. A file of 50 MB over a slow line is the longest
// thing anybody sends; an export is the longest anybody reads.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 10 * time.Minute
	writeTimeout    = 15 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 15 * time.Second
	maxHeader       = 64 << 10
)

// serve answers requests until the context ends, then lets those under way finish.
func (a *app) serve(ln net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	select {
	case err := <-ended:
		return err
	case <-a.ctx.Done():
	}
	log.Info("stopping")
	// The context of the program is over, and what is under way gets its time all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Warn("requests were cut off", slog.Duration("after", shutdownTimeout))
		return errors.Join(server.Close(), nil)
	}
	return nil
}

func (a *app) logger(l config.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // config has checked the word
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.err, options))
	}
	return slog.New(slog.NewTextHandler(a.err, options))
}

// browsable turns the address of a listener into one a browser can open.
func browsable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func taken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
