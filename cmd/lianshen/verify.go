package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/supervise"
	"lianshen/internal/trail"
)

type verifyCommand struct {
	place
	Checkpoint      []string `placeholder:"FILE"`
	Key             string   `placeholder:"FILE"`
	WriteCheckpoint string   `placeholder:"FILE"`
	Files           bool
	Format          format `enum:"text,json" default:"text"`
	Pack            string `arg:"" name:"pack" optional:""`
}

// verified is the result as printed.
type verified struct {
	OK          bool       `json:"ok"`
	Database    string     `json:"database"`
	Entries     int64      `json:"entries"`
	Root        string     `json:"root"`
	Records     int        `json:"records"`
	Checkpoints int        `json:"checkpoints"` // that were compared
	Files       int        `json:"files"`       // that records name
	Fault       *faultSaid `json:"fault,omitempty"`

	Missing []supervise.MissingFile `json:"missing,omitempty"`
}

type faultSaid struct {
	Code    string `json:"code"`
	Entry   int64  `json:"entry,omitempty"`
	Kind    string `json:"kind,omitempty"`
	ID      string `json:"id,omitempty"`
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// Run compares every row with the trail and the trail with itself and with
// checkpoints kept elsewhere; or, where an evidence pack is named, that pack alone.
func (c verifyCommand) Run(a *app) error {
	if c.Pack != "" {
		return c.verifyPack(a)
	}
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	checkpoints, err := c.checkpoints(in)
	if err != nil {
		return err
	}
	v, err := in.Verify(a.ctx, checkpoints...)
	if err != nil {
		return err
	}
	files, missing, err := in.missing(a.ctx, c.Files)
	if err != nil {
		return err
	}
	said := verified{
		OK: v.Fault == nil && len(missing) == 0, Database: shown(in.settings), Entries: v.Entries, Root: v.Root, Records: v.Records,
		Checkpoints: len(checkpoints), Files: files, Missing: missing,
	}
	if err := a.sayVerified(c.Format, v, said); err != nil {
		return err
	}
	if !said.OK {
		return errSaid
	}
	return c.sign(a, in, v)
}

func (a *app) sayVerified(f format, v supervise.Verification, said verified) error {
	if v.Fault != nil {
		said.Fault = a.fault(*v.Fault)
	}
	switch {
	case f.json():
		return a.json(said)
	case v.Fault != nil:
		a.print("cli.verify.fault", said.Database, said.Fault.Message)
	case len(said.Missing) > 0:
		for _, m := range said.Missing {
			key := "cli.verify.missing"
			if m.Damaged {
				key = "cli.verify.damaged"
			}
			a.print(key, m.SHA256, m.Records[0].ID)
		}
	default:
		a.print("cli.verify.ok", said.Database, v.Entries, v.Records, v.Root, said.Checkpoints)
		a.print("cli.verify.files", said.Files)
	}
	return nil
}

// fault words the first thing that does not fit.
func (a *app) fault(f supervise.Fault) *faultSaid {
	said := &faultSaid{Code: f.Code, Entry: f.Entry, Kind: string(f.Record.Kind), ID: f.Record.ID, Column: f.Column}
	if f.Record != (ledger.Ref{}) {
		said.Message = a.say(f.Code, a.say("cli.kind."+said.Kind), said.ID, said.Column)
	} else {
		said.Message = a.say(f.Code, f.Entry)
	}
	return said
}

// The key with which checkpoints are signed lies beside the evidence files, and
// never in the database: who can change the rows must not be able to sign them.
const (
	secretKeyFile = "trail.key"
	publicKeyFile = "trail.pub" // one key per line, the newest last
	trailOrigin   = "lianshen"
)

// checkpoints opens the named files with the public keys of the installation.
func (c verifyCommand) checkpoints(in *installation) ([]trail.Checkpoint, error) {
	if len(c.Checkpoint) == 0 {
		return nil, nil
	}
	keys, err := publicKeys(c.Key, in.settings.Data)
	if err != nil {
		return nil, err
	}
	var list []trail.Checkpoint
	for _, name := range c.Checkpoint {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, misused("cli.file.unreadable", name).because(err)
		}
		point, err := openCheckpoint(text, keys)
		if err != nil {
			return nil, refused("cli.checkpoint.unsigned", name).because(err)
		}
		list = append(list, point)
	}
	return list, nil
}

func openCheckpoint(text []byte, keys []string) (point trail.Checkpoint, err error) {
	for _, key := range keys {
		if point, err = trail.Open(text, key); err == nil {
			return point, nil
		}
	}
	return point, err
}

func publicKeys(file, data string) ([]string, error) {
	if file == "" {
		file = filepath.Join(data, publicKeyFile)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, misused("cli.key.missing", file).because(err)
	}
	return strings.Fields(string(text)), nil
}

// sign writes a checkpoint of what has just been verified.
func (c verifyCommand) sign(a *app, in *installation, v supervise.Verification) error {
	if c.WriteCheckpoint == "" {
		return nil
	}
	secret, err := signingKey(in.settings.Data)
	if err != nil {
		return err
	}
	root, err := trail.ParseHash(v.Root)
	if err != nil {
		return err
	}
	signed, err := trail.Sign(trail.Checkpoint{Size: v.Entries, Root: root, At: in.DB.Now()}, secret)
	if err != nil {
		return err
	}
	if err := writeNew(c.WriteCheckpoint, 0o644, signed); err != nil {
		return refused("cli.file.unwritable", c.WriteCheckpoint).because(err)
	}
	a.note("cli.checkpoint.written", c.WriteCheckpoint, v.Entries, filepath.Join(in.settings.Data, publicKeyFile))
	return nil
}

// signingKey returns the secret key of the installation, making it the first time.
func signingKey(data string) (string, error) {
	name := filepath.Join(data, secretKeyFile)
	text, err := os.ReadFile(name)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the key of the trail: %w", err)
	}
	secret, public, err := trail.NewKey(rand.Reader, trailOrigin)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", fmt.Errorf("keep the key of the trail: %w", err)
	}
	if err := addPublicKeys(data, []string{public}); err != nil {
		return "", err
	}
	if err := writeNew(name, 0o600, []byte(secret+"\n")); err != nil {
		return "", fmt.Errorf("keep the key of the trail: %w", err)
	}
	return secret, nil
}

// addPublicKeys keeps keys beside those that are known already: a checkpoint of an
// earlier key stays good.
func addPublicKeys(data string, keys []string) error {
	f, err := os.OpenFile(filepath.Join(data, publicKeyFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("keep the public key of the trail: %w", err)
	}
	for _, key := range keys {
		fmt.Fprintln(f, key)
	}
	return f.Close()
}
