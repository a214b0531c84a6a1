package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lianshen/internal/backup"
)

type backupCommand struct {
	place
	File   string `arg:"" name:"file"`
	Format format `enum:"text,json" default:"text"`
}

// packedUp is the result of a backup or a restoration.
type packedUp struct {
	File     string `json:"file"`
	Database string `json:"database"`
	Bytes    int64  `json:"bytes"`
	Entries  int64  `json:"entries"`
	Root     string `json:"root"`
	Files    int    `json:"files"` // of evidence
}

// Run writes one file with everything, while the server goes on.
func (c backupCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	if _, err := os.Stat(c.File); err == nil {
		return refused("cli.file.exists", c.File)
	}
	manifest, size, err := c.write(a, in)
	if err != nil {
		return err
	}
	said := packedUp{c.File, shown(in.settings), size, manifest.Entries, manifest.Root, evidenceFiles(manifest)}
	if c.Format.json() {
		return a.json(said)
	}
	a.print("cli.backup.done", said.File, said.Entries, said.Files, said.Root)
	return nil
}

// write fills a file under another name, so that what has the name is whole.
func (c backupCommand) write(a *app, in *installation) (m backup.Manifest, size int64, err error) {
	files, err := in.files(a.ctx)
	if err != nil {
		return m, 0, err
	}
	keys, err := publicKeys("", in.settings.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, 0, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(c.File), ".lianshen-backup-*") // readable by its owner only
	if err != nil {
		return m, 0, refused("cli.file.unwritable", c.File).because(err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already if all went well
	m, err = backup.Write(a.ctx, tmp, in.DB, files, backup.About{Program: programVersion(), Keys: keys})
	if err == nil {
		err = tmp.Sync()
	}
	if info, bad := tmp.Stat(); bad == nil {
		size = info.Size()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return m, 0, err
	}
	if err := os.Rename(tmp.Name(), c.File); err != nil {
		return m, 0, refused("cli.file.unwritable", c.File).because(err)
	}
	return m, size, nil
}

func evidenceFiles(m backup.Manifest) int {
	n := 0
	for _, p := range m.Parts {
		if strings.HasPrefix(p.Name, "files/") {
			n++
		}
	}
	return n
}
