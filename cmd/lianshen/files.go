package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"

	"lianshen/internal/blob"
	"lianshen/internal/config"
)

// bucketFlags say where evidence files lie, if not in the data folder. There is no
// flag for the secret key: whoever may list processes would read it.
type bucketFlags struct {
	S3Endpoint   string `name:"s3-endpoint" placeholder:"URL"`
	S3Bucket     string `name:"s3-bucket" placeholder:"NAME"`
	S3AccessKey  string `name:"s3-access-key" placeholder:"KEY"`
	S3SecretFile string `name:"s3-secret-file" placeholder:"FILE"`
}

func (b bucketFlags) settings() config.S3 {
	return config.S3{Endpoint: b.S3Endpoint, Bucket: b.S3Bucket, AccessKey: b.S3AccessKey, SecretFile: b.S3SecretFile}
}

// files is where evidence files lie: a folder or a bucket.
type files interface {
	blob.Store
	Sweep() error
}

// openFiles opens the bucket of the settings, or the folder in the data folder.
func openFiles(ctx context.Context, s config.Settings) (files, error) {
	if s.S3.Endpoint == "" {
		return blob.OpenFolder(filepath.Join(s.Data, "blobs"))
	}
	secret := s.S3.SecretKey
	if s.S3.SecretFile != "" {
		text, err := os.ReadFile(s.S3.SecretFile)
		if err != nil {
			return nil, misused("cli.file.unreadable", s.S3.SecretFile).because(err)
		}
		secret = strings.TrimSpace(string(text))
	}
	bucket, err := blob.OpenS3(ctx, blob.Bucket{
		Endpoint: s.S3.Endpoint, Name: cmp.Or(s.S3.Bucket, "lianshen"), Prefix: s.S3.Prefix, Region: s.S3.Region,
		Access: s.S3.AccessKey, Secret: secret, Spool: filepath.Join(s.Data, "spool"),
	})
	if err != nil {
		return nil, trouble{exitUnreachable, "cli.bucket.unreachable", []any{s.S3.Endpoint, s.S3.Bucket}, err}
	}
	return bucket, nil
}

func (i *installation) files(ctx context.Context) (files, error) { return openFiles(ctx, i.settings) }
