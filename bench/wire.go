package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// A conn is one kept-alive connection. It is thinner than http.Client, because the
// driver runs on the cores of the server it measures.
type conn struct {
	net.Conn
	in *bufio.Reader
}

func dial(addr string) (*conn, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// patience is how long an answer may take before the run is given up.
const patience = time.Minute

// send sends a request and reads the answer away.
func (c *conn) send(request []byte) (status int, err error) {
	answer, err := c.answer(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

func (c *conn) answer(request []byte) (*http.Response, error) {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	return http.ReadResponse(c.in, nil)
}

// A page is an answer read whole.
type page struct {
	status int
	wire   int // bytes of the body as they travelled
	body   []byte
	head   http.Header
}

// fetch asks once, on a connection of its own.
func fetch(addr string, request []byte) (p page, err error) {
	c, err := dial(addr)
	if err != nil {
		return p, err
	}
	defer c.Close() //nolint:errcheck // everything has been read
	answer, err := c.answer(request)
	if err != nil {
		return p, err
	}
	defer answer.Body.Close() //nolint:errcheck // everything has been read
	if p.body, err = io.ReadAll(answer.Body); err != nil {
		return p, err
	}
	p.status, p.wire, p.head = answer.StatusCode, len(p.body), answer.Header
	if answer.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(bytes.NewReader(p.body))
		if err != nil {
			return p, err
		}
		p.body, err = io.ReadAll(unpacked)
		return p, err
	}
	return p, nil
}

// get asks for a page as a browser does.
func get(path, session string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\nCookie: lianshen_session=%s\r\n\r\n", path, session)
}

// post sends a form as a browser does.
func post(path, session string, fields url.Values) []byte {
	body := fields.Encode()
	return []byte("POST " + path + " HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\nSec-Fetch-Site: same-origin\r\n" +
		"Cookie: lianshen_session=" + session + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}
