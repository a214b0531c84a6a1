package blobtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"sync"
	"testing"
)

// Infected is in every file that Clamd calls infected.
const Infected = "X5O!P%@AP-LIANSHEN-TEST-FILE"

// A Clamd answers INSTREAM as clamd does. Say may be changed between questions:
// "" judges by the content; anything else is the answer to everything.
type Clamd struct {
	Address string // for blob.Scanner

	mu  sync.Mutex
	say string
}

// StartClamd listens on a unix socket until the test ends.
func StartClamd(t testing.TB) *Clamd {
	t.Helper()
	name := filepath.Join(t.TempDir(), "c")
	ln, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	c := &Clamd{Address: "unix:" + name}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go c.answer(conn)
		}
	}()
	return c
}

// Say changes the answer to everything from now on; "" judges by the content.
func (c *Clamd) Say(answer string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say = answer
}

func (c *Clamd) answer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	r := bufio.NewReader(conn)
	command, err := r.ReadString(0)
	if err != nil || command != "zINSTREAM\x00" {
		return
	}
	var whole bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&whole, r, int64(n)); err != nil {
			return
		}
	}
	_, _ = io.WriteString(conn, c.judge(whole.Bytes())+"\x00") // the test sees what came of it
}

func (c *Clamd) judge(content []byte) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.say != "":
		return c.say
	case bytes.Contains(content, []byte(Infected)):
		return "stream: Test.Signature FOUND"
	}
	return "stream: OK"
}
