// Package config says how an installation runs: where its data lie, where it
// listens, what it logs. Values come from flags, the environment, a file and
// defaults, in this order. It opens nothing and decides nothing about the ledger.
package config

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings are what can be set. An empty field says nothing.
type Settings struct {
	Data      string `yaml:"data"`       // folder of the SQLite database, the evidence files and the keys
	DB        string `yaml:"db"`         // postgres://...; "" for SQLite in Data
	Addr      string `yaml:"addr"`       // host:port to listen on
	PublicURL string `yaml:"public_url"` // as people type it: https://lianshen.example.cn
	Zone      string `yaml:"zone"`       // where "today" is decided
	Evidence  string `yaml:"evidence_limit"`
	TLSCert   string `yaml:"tls_cert"` // files, both or none; none is for a proxy that does it
	TLSKey    string `yaml:"tls_key"`
	Proxies   string `yaml:"trusted_proxies"` // addresses whose X-Forwarded-For is believed, with commas
	S3        S3     `yaml:"s3"`
	Copies    string `yaml:"copies"`  // of evidence for others than the office and its organisation: cleaned or original
	Clamd     string `yaml:"clamd"`   // unix:/path or tcp:host:port of a virus scanner; "" for none
	Browser   string `yaml:"browser"` // Chromium that prints documents to PDF: a path or a name; "" for none
	Log       Log    `yaml:"log"`
}

// S3 says in which bucket evidence files lie instead of in Data. The secret is in
// the environment or in a file, so that no list of processes shows it.
type S3 struct {
	Endpoint   string `yaml:"endpoint"` // https://s3.example.cn; "" for the folder
	Bucket     string `yaml:"bucket"`
	Prefix     string `yaml:"prefix"`
	Region     string `yaml:"region"`
	AccessKey  string `yaml:"access_key"`
	SecretKey  string `yaml:"secret_key"`
	SecretFile string `yaml:"secret_file"` // holds the secret key and nothing else
}

// or returns s where it says something, and t where it does not.
func (s S3) or(t S3) S3 {
	return S3{
		cmp.Or(s.Endpoint, t.Endpoint), cmp.Or(s.Bucket, t.Bucket), cmp.Or(s.Prefix, t.Prefix), cmp.Or(s.Region, t.Region),
		cmp.Or(s.AccessKey, t.AccessKey), cmp.Or(s.SecretKey, t.SecretKey), cmp.Or(s.SecretFile, t.SecretFile),
	}
}

// check returns what is missing or cannot be used.
func (s S3) check() error {
	switch {
	case s.Endpoint == "" && s.Bucket != "":
		return Fault{"s3.endpoint", "", "given together with s3.bucket"}
	case s.Endpoint == "":
		return nil
	case !isPublic(s.Endpoint):
		return Fault{"s3.endpoint", s.Endpoint, "an address such as https://s3.example.cn"}
	case s.SecretKey != "" && s.SecretFile != "":
		return Fault{"s3.secret_file", s.SecretFile, "to be given beside s3.secret_key: one of the two is enough"}
	}
	return nil
}

// Log says what is written to standard error.
type Log struct {
	Format string `yaml:"format"` // text or json
	Level  string `yaml:"level"`  // debug, info, warn, error
}

// Default returns what holds where nothing else is said.
func Default() Settings {
	return Settings{
		Data: "lianshen-data", Addr: "127.0.0.1:8080", Zone: "Asia/Shanghai", Evidence: "50MB", Copies: "cleaned",
		Log: Log{Format: "text", Level: "info"},
	}
}

// variables names the environment variable of each setting.
func (s *Settings) variables() map[string]*string {
	return map[string]*string{
		"LIANSHEN_DATA": &s.Data, "LIANSHEN_DB": &s.DB, "LIANSHEN_ADDR": &s.Addr,
		"LIANSHEN_PUBLIC_URL": &s.PublicURL, "LIANSHEN_ZONE": &s.Zone, "LIANSHEN_EVIDENCE_LIMIT": &s.Evidence,
		"LIANSHEN_TLS_CERT": &s.TLSCert, "LIANSHEN_TLS_KEY": &s.TLSKey, "LIANSHEN_TRUSTED_PROXIES": &s.Proxies,
		"LIANSHEN_S3_ENDPOINT": &s.S3.Endpoint, "LIANSHEN_S3_BUCKET": &s.S3.Bucket, "LIANSHEN_S3_PREFIX": &s.S3.Prefix,
		"LIANSHEN_S3_REGION": &s.S3.Region, "LIANSHEN_S3_ACCESS_KEY": &s.S3.AccessKey,
		"LIANSHEN_S3_SECRET_KEY": &s.S3.SecretKey, "LIANSHEN_S3_SECRET_FILE": &s.S3.SecretFile, "LIANSHEN_CLAMD": &s.Clamd,
		"LIANSHEN_COPIES": &s.Copies, "LIANSHEN_BROWSER": &s.Browser,
		"LIANSHEN_LOG_FORMAT": &s.Log.Format, "LIANSHEN_LOG_LEVEL": &s.Log.Level,
	}
}

// FromEnvironment reads the settings of the environment; get is os.Getenv.
func FromEnvironment(get func(string) string) Settings {
	var s Settings
	for name, field := range s.variables() {
		*field = get(name)
	}
	return s
}

// Or returns s where it says something, and t where it does not.
func (s Settings) Or(t Settings) Settings {
	return Settings{
		Data: cmp.Or(s.Data, t.Data), DB: cmp.Or(s.DB, t.DB), Addr: cmp.Or(s.Addr, t.Addr),
		PublicURL: cmp.Or(s.PublicURL, t.PublicURL), Zone: cmp.Or(s.Zone, t.Zone), Evidence: cmp.Or(s.Evidence, t.Evidence),
		TLSCert: cmp.Or(s.TLSCert, t.TLSCert), TLSKey: cmp.Or(s.TLSKey, t.TLSKey), Proxies: cmp.Or(s.Proxies, t.Proxies),
		S3: s.S3.or(t.S3), Clamd: cmp.Or(s.Clamd, t.Clamd), Copies: cmp.Or(s.Copies, t.Copies), Browser: cmp.Or(s.Browser, t.Browser),
		Log: Log{cmp.Or(s.Log.Format, t.Log.Format), cmp.Or(s.Log.Level, t.Log.Level)},
	}
}

// A Fault is a value that cannot be used. Field is its path in the file: "log.level".
type Fault struct{ Field, Value, Want string }

func (f Fault) Error() string { return fmt.Sprintf("%s: %q is not %s", f.Field, f.Value, f.Want) }

// Check returns the first setting that cannot be used; empty ones are let pass.
func (s Settings) Check() error {
	for _, c := range []struct {
		field, value string
		want         string
		ok           func(string) bool
	}{
		{"db", s.DB, "postgres://user:password@host/database", isPostgres},
		{"addr", s.Addr, "host:port", isAddress},
		{"public_url", s.PublicURL, "an address such as https://lianshen.example.cn", isPublic},
		{"zone", s.Zone, "a time zone such as Asia/Shanghai", isZone},
		{"evidence_limit", s.Evidence, "a size such as 50MB, up to 2000MB", isSize},
		{"trusted_proxies", s.Proxies, "a list such as 127.0.0.1, 10.0.0.0/8", isProxies},
		{"clamd", s.Clamd, "unix:/path/of/the/socket or tcp:host:port", isClamd},
		{"copies", s.Copies, "cleaned or original", oneOf("cleaned", "original")},
		{"log.format", s.Log.Format, "text or json", oneOf("text", "json")},
		{"log.level", s.Log.Level, "debug, info, warn or error", oneOf("debug", "info", "warn", "error")},
	} {
		if c.value == "" || c.ok(c.value) {
			continue
		}
		if c.field == "db" {
			c.value = "***" // it may hold a password
		}
		return Fault{c.field, c.value, c.want}
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return Fault{"tls_key", s.TLSKey, "given together with tls_cert"}
	}
	return s.S3.check()
}

func oneOf(words ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(words, s) }
}

func isPostgres(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

func isAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, bad := strconv.Atoi(port)
	return err == nil && bad == nil && n >= 0 && n < 1<<16
}

func isPublic(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && (u.Path == "" || u.Path == "/")
}

func isZone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil
}

func isClamd(s string) bool {
	network, address, _ := strings.Cut(s, ":")
	return network == "unix" && address != "" || network == "tcp" && isAddress(address)
}

func isSize(s string) bool {
	n, err := Bytes(s)
	return err == nil && n > 0 && n <= 2000<<20
}

func isProxies(s string) bool {
	_, err := Prefixes(s)
	return err == nil
}

// Prefixes reads a list of addresses and networks, separated by commas.
func Prefixes(s string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for word := range strings.SplitSeq(s, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(word)
		if err != nil {
			addr, err := netip.ParseAddr(word)
			if err != nil {
				return nil, err
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		list = append(list, prefix)
	}
	return list, nil
}

// Bytes reads "50MB" as a number of bytes.
func Bytes(s string) (int64, error) {
	digits, ok := strings.CutSuffix(strings.ToUpper(strings.TrimSpace(s)), "MB")
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
	if !ok || err != nil {
		return 0, fmt.Errorf("%q is not a number of MB", s)
	}
	return n << 20, nil
}
