package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A server that is killed without warning has done each act wholly or not at all,
// and whoever got no answer may send the act again under the same key.
func TestKilledServerLeavesActsWholeOrAbsent(t *testing.T) {
	dir := t.TempDir()
	if err := seedSite(t.Context(), filepath.Join(dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(output(t, "user", "token", "zhouml", "--scope", "act", "--data", dir))
	addr := freeAddress(t)
	next := 1
	for _, life := range []time.Duration{60 * time.Millisecond, 150 * time.Millisecond, 333 * time.Millisecond} {
		server := startServer(t, dir, addr)
		deadline := time.AfterFunc(life, func() { server.Process.Kill() }) //nolint:errcheck // it may have ended
		for {
			if err := registerOver(addr, token, next); err != nil {
				if !lostAnswer(err) {
					t.Fatal(err)
				}
				break
			}
			next++
		}
		deadline.Stop()
		server.Wait() //nolint:errcheck // it was killed
		if text := output(t, "verify", "--data", dir, "--lang", "en"); !strings.Contains(text, "everything fits") {
			t.Fatalf("after kill: %s", text)
		}
	}
	server := startServer(t, dir, addr)
	for n := 1; n <= next; n++ { // those that were answered, and the one that may have been done
		if err := registerOver(addr, token, n); err != nil {
			t.Fatalf("act %d again under its key: %v", n, err)
		}
	}
	server.Process.Kill() //nolint:errcheck // it is being ended
	server.Wait()         //nolint:errcheck // it was killed
	var rows []struct{ Number string }
	if err := json.Unmarshal([]byte(output(t, "export", "--json", "-o", "-", "--data", dir)), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != next || next < 4 {
		t.Errorf("%d findings after %d acts, each sent twice", len(rows), next)
	}
	if text := output(t, "verify", "--data", dir, "--lang", "en"); !strings.Contains(text, "everything fits") {
		t.Errorf("at the end: %s", text)
	}
}

// An import that is killed has imported everything or nothing.
func TestKilledImportLeavesAllOrNothing(t *testing.T) {
	sample, err := filepath.Abs("../../internal/sheet/testdata/ledger-all.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, life := range []time.Duration{50, 150, 250, 400} {
		dir := t.TempDir()
		if err := seedSite(t.Context(), filepath.Join(dir, databaseFile)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("lianshen", "import", sample, "--round", "8", "--data", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		deadline := time.AfterFunc(life*time.Millisecond, func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
		cmd.Wait()                                                                       //nolint:errcheck // killed or done
		deadline.Stop()
		var rates []ratio
		if err := json.Unmarshal([]byte(output(t, "rate", "--data", dir, "--format", "json")), &rates); err != nil {
			t.Fatal(err)
		}
		if n := rates[0].Denominator; n != 0 && n != 228 {
			t.Errorf("killed after %d ms: %d findings", life, n)
		}
		output(t, "verify", "--data", dir)
	}
}

// output runs the program and returns what it prints; a failure ends the test.
func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.Command("lianshen", args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("lianshen %v: %v\n%s%s", args, err, out.String(), complaint.String())
	}
	return out.String()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// startServer returns once the server answers.
func startServer(t *testing.T, dir, addr string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("lianshen", "serve", "--data", dir, "--addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
	err := eventually(func() error {
		answer, err := http.Get("http://" + addr + "/healthz")
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

// refusedAct is an answer that says the act was not done.
type refusedAct struct{ text string }

func (r refusedAct) Error() string { return r.text }

// lostAnswer reports whether nobody knows if the act was done.
func lostAnswer(err error) bool {
	var no refusedAct
	return !errors.As(err, &no)
}

// registerOver registers the n-th finding of the round over the API.
func registerOver(addr, token string, n int) error {
	number := fmt.Sprintf("08-JT-%03d", n)
	body, err := json.Marshal(map[string]any{
		"number": number, "organisation": "JT", "round": 8, "seen": 0,
		"feedback": map[string]any{"text": "校外培训机构监管存在盲区。"},
		"class":    map[string]any{"category": "决策部署", "kind": "long_term"},
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequest("POST", "http://"+addr+"/api/v1/findings", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", number)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		return refusedAct{answer.Status + " " + string(text)}
	}
	return err
}
