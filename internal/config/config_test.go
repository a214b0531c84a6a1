package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFlagBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	file, err := Parse("lianshen.yaml", []byte("data: /file\naddr: 10.0.0.1:1\nzone: UTC\nlog:\n  format: json\n"))
	if err != nil {
		t.Fatal(err)
	}
	env := FromEnvironment(func(name string) string {
		return map[string]string{"LIANSHEN_ADDR": "10.0.0.2:2", "LIANSHEN_ZONE": "Asia/Tokyo"}[name]
	})
	flags := Settings{Zone: "Asia/Shanghai"}
	got := flags.Or(env).Or(file).Or(Default())
	want := Settings{
		Data: "/file", Addr: "10.0.0.2:2", Zone: "Asia/Shanghai", Evidence: "50MB", Copies: "cleaned",
		Log: Log{Format: "json", Level: "info"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFaultsOfTheFileNameLineAndColumn(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "data: /srv\nport: 80\n", "lianshen.yaml:2:1:"},
		{"key given twice", "addr: :1\naddr: :2\n", "lianshen.yaml:2:1:"},
		{"list where text belongs", "data:\n  - a\n", "lianshen.yaml:2:"},
		{"bad indentation", "log:\n format: text\n   level: info\n", "lianshen.yaml:"},
		{"no port", "data: /srv\naddr: localhost\n", "lianshen.yaml:2:7:"},
		{"unknown level", "log:\n  format: text\n  level: loud\n", "lianshen.yaml:3:10:"},
		{"unknown zone", "zone: Asia/Yunxi\n", "lianshen.yaml:1:7:"},
		{"no network", "trusted_proxies: 10.0.0.0/40\n", "lianshen.yaml:1:18:"},
		{"certificate without key", "data: /srv\ntls_cert: a.pem\n", "lianshen.yaml:"},
		{"no scanner", "clamd: somewhere\n", "lianshen.yaml:1:8:"},
		{"bucket without a service", "s3:\n  bucket: evidence\n", "lianshen.yaml:"},
		{"no service", "s3:\n  endpoint: s3.example.cn\n", "lianshen.yaml:2:13:"},
		{"too large", "evidence_limit: 9000MB\n", "lianshen.yaml:1:17:"},
	} {
		_, err := Parse("lianshen.yaml", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: err = %v; want it to begin with %s", c.name, err, c.want)
		}
		var place PlaceError
		if err != nil && !errors.As(err, &place) {
			t.Errorf("%s: %T is no PlaceError", c.name, err)
		}
	}
}

func TestPasswordIsNotRepeated(t *testing.T) {
	_, err := Parse("lianshen.yaml", []byte("db: mysql://root:geheim@db/x\n"))
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("err = %v; want one without the password", err)
	}
}

func TestEmptyFileSaysNothing(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "log:\n"} {
		if s, err := Parse("lianshen.yaml", []byte(text)); err != nil || s != (Settings{}) {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}
