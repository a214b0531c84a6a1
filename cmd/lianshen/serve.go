package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/clock"
	"lianshen/internal/config"
	"lianshen/internal/extract"
	"lianshen/internal/printer"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
	"lianshen/internal/web"
)

type serveCommand struct {
	place
	Addr      string `placeholder:"HOST:PORT"`
	PublicURL string `name:"public-url" placeholder:"URL"`
	Browser   string `placeholder:"PATH"`
	LogFormat string `placeholder:"text|json"`
	LogLevel  string `placeholder:"LEVEL"`
}

// Run serves the installation until it is interrupted.
func (c serveCommand) Run(a *app) error {
	s, err := c.settings(a, config.Settings{
		Addr: c.Addr, PublicURL: c.PublicURL, Browser: c.Browser, Log: config.Log{Format: c.LogFormat, Level: c.LogLevel},
	})
	if err != nil {
		return err
	}
	in, err := connect(a, s, clock.Real)
	if err != nil {
		return err
	}
	defer in.close()
	ln, err := listen(s)
	if err != nil {
		return err
	}
	defer ln.Close() //nolint:errcheck // closed by the server where it matters
	log := a.logger(s.Log)
	handler, err := c.handler(a.ctx, in, log)
	if err != nil {
		return err
	}
	if err := a.offerSetUp(in, ln); err != nil {
		return err
	}
	log.Info("serving", slog.String("address", ln.Addr().String()), slog.String("database", in.DB.Engine()), slog.String("version", programVersion()))
	return a.serve(ln, handler, log)
}

// handler is the site as the settings want it.
func (c serveCommand) handler(ctx context.Context, in *installation, log *slog.Logger) (http.Handler, error) {
	s := in.settings
	limit, err := config.Bytes(s.Evidence)
	if err != nil {
		return nil, err
	}
	proxies, err := config.Prefixes(s.Proxies)
	if err != nil {
		return nil, err
	}
	print, err := printing(s.Browser)
	if err != nil {
		return nil, err
	}
	site, err := in.site(ctx, log, web.Config{Done: ctx.Done(), Printer: print, Limit: limit, Secure: s.TLSCert != "" || strings.HasPrefix(s.PublicURL, "https://")})
	return believe(proxies, site), err
}

// printing is the printer of the browser that is set; nil where none is.
func printing(browser string) (web.Printer, error) {
	if browser == "" {
		return nil, nil
	}
	p, err := printer.New(browser)
	if err != nil {
		return nil, misused("cli.browser.missing", browser).because(err)
	}
	return p, nil
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
		if in.settings.TLSCert != "" {
			base = "https://" + browsable(ln.Addr().String())
		}
	}
	a.print("cli.serve.setup", web.SetUpURL(base, secret))
	return nil
}

// listen takes the address, with TLS if there is a certificate.
func listen(s config.Settings) (net.Listener, error) {
	var certificate tls.Certificate
	if s.TLSCert != "" {
		var err error
		if certificate, err = tls.LoadX509KeyPair(s.TLSCert, s.TLSKey); err != nil {
			return nil, misused("cli.file.unreadable", s.TLSCert).because(err)
		}
	}
	ln, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return nil, trouble{exitAddress, "cli.address.taken", []any{s.Addr}, err}
	}
	if s.TLSCert == "" {
		return ln, nil
	}
	return tls.NewListener(ln, &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
	}), nil
}

// site makes the handler of everything the installation shows.
func (i *installation) site(ctx context.Context, log *slog.Logger, c web.Config) (http.Handler, error) {
	files, err := i.files(ctx)
	if err != nil {
		return nil, err
	}
	if i.DB.Engine() == "sqlite" {
		if err := files.Sweep(); err != nil { // nobody else can be putting: the database is ours
			return nil, err
		}
	}
	c.Supervise, c.Blobs, c.Log = i.Service, files, log
	if c.Extract, err = extract.New(filepath.Join(i.settings.Data, "cache")); err != nil {
		return nil, err
	}
	c.Originals = i.settings.Copies == "original"
	if c.Uploads, err = upload.Open(filepath.Join(i.settings.Data, "uploads"), clock.Real); err != nil {
		return nil, err
	}
	c.Scanner = blob.Scanner{Address: i.settings.Clamd}
	site := web.New(c)
	i.read(ctx, log, site.Blobs, c.Extract) // as the site gives them: not before they were scanned
	i.look(ctx, log, supervise.Files{Store: files, Scanner: c.Scanner, Limit: c.Limit}, c.Uploads)
	return site.Handler(), nil
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
