package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"lianshen/internal/clock"
)

// A Bucket says where an S3 service keeps the files.
type Bucket struct {
	Endpoint string // https://s3.example.cn or http://10.0.0.7:7070
	Name     string
	Prefix   string // before the keys, "" for none
	Region   string // "" to ask the service
	Access   string // key
	Secret   string // never printed
	Spool    string // folder where a file lies until it has been checked
}

// An S3 keeps files in a bucket, under the same names as a [Folder]. An object is
// there whole or not at all. Make it with [OpenS3].
type S3 struct {
	client *minio.Client
	bucket Bucket
	place  *sync.RWMutex // held alone by Reclaim
}

var _ Store = S3{}

// OpenS3 returns the store in the bucket, and fails if the bucket is not there.
func OpenS3(ctx context.Context, b Bucket) (S3, error) {
	at, err := url.Parse(b.Endpoint)
	if err != nil || at.Host == "" {
		return S3{}, fmt.Errorf("open the bucket: %q is no address", b.Endpoint)
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds: credentials.NewStaticV4(b.Access, b.Secret, ""), Secure: at.Scheme == "https", Region: b.Region,
		BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return S3{}, fmt.Errorf("open the bucket: %w", err)
	}
	there, err := client.BucketExists(ctx, b.Name)
	switch {
	case err != nil:
		return S3{}, fmt.Errorf("open the bucket %s at %s: %w", b.Name, at.Host, err)
	case !there:
		return S3{}, fmt.Errorf("open the bucket %s at %s: there is none of that name", b.Name, at.Host)
	}
	if err := os.MkdirAll(b.Spool, 0o700); err != nil {
		return S3{}, fmt.Errorf("make the folder for files on their way: %w", err)
	}
	return S3{client, b, &sync.RWMutex{}}, nil
}

// Sweep removes what a crash left in the spool. Call it before the first Put, and
// only where no other process can be putting.
func (s S3) Sweep() error { return sweep(s.bucket.Spool) }

// Put implements [Store]. The file is spooled on this machine first: its digest,
// which is its key, and whether it is taken are known at its end only.
func (s S3) Put(ctx context.Context, name string, r io.Reader, limit int64) (Ref, error) {
	if err := Taken(name); err != nil {
		return Ref{}, err // before reading 50 MB of it
	}
	var ref Ref
	err := spool(s.bucket.Spool, func(file *os.File) (err error) {
		if ref, err = take(ctx, file, name, r, limit); err != nil {
			return err
		}
		return s.send(ctx, file, ref)
	})
	return ref, Full(err)
}

// Restore implements [Store].
func (s S3) Restore(ctx context.Context, sha256 string, r io.Reader) error {
	return restore(ctx, s.bucket.Spool, sha256, r, func(file *os.File, ref Ref) error { return s.send(ctx, file, ref) })
}

// renewal is how old an object may be before putting it again renews its age. It
// is far below the grace of whoever reclaims, and far above what two clocks differ by.
const renewal = time.Hour

// send puts the file under its digest. It asks first whether it is there: refusing
// to overwrite (If-None-Match) is not kept for files sent in parts by every service.
func (s S3) send(ctx context.Context, file *os.File, ref Ref) error {
	s.place.RLock()
	defer s.place.RUnlock()
	info, err := s.client.StatObject(ctx, s.bucket.Name, s.key(ref.SHA256), minio.StatObjectOptions{})
	switch {
	case err == nil && info.Size != ref.Size:
		return fmt.Errorf("keep evidence file %s: %w", ref.SHA256, ErrDamaged)
	case err == nil && clock.Real().Sub(info.LastModified) < renewal:
		return nil
	case err != nil && !absent(err):
		return fmt.Errorf("keep evidence file %s: %w", ref.SHA256, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep evidence file %s: %w", ref.SHA256, err)
	}
	sent, err := s.client.PutObject(ctx, s.bucket.Name, s.key(ref.SHA256), file, ref.Size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", SendContentMd5: true, // the service refuses what changed on the way
	})
	if err == nil && sent.Size != ref.Size {
		err = ErrDamaged
	}
	if err != nil {
		return fmt.Errorf("keep evidence file %s: %w", ref.SHA256, roomless(err))
	}
	return nil
}

// Open implements [Store]. What it returns can also be read at any place.
func (s S3) Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error) {
	if !valid(sha256) {
		return nil, ErrNotFound
	}
	object, err := s.client.GetObject(ctx, s.bucket.Name, s.key(sha256), minio.GetObjectOptions{})
	if err == nil {
		if _, err = object.Stat(); err != nil {
			_ = object.Close() // nothing was read
		}
	}
	if err != nil {
		return nil, missing(sha256, err)
	}
	return object, nil
}

// Stat implements [Store].
func (s S3) Stat(ctx context.Context, sha256 string) (int64, error) {
	if !valid(sha256) {
		return 0, ErrNotFound
	}
	info, err := s.client.StatObject(ctx, s.bucket.Name, s.key(sha256), minio.StatObjectOptions{})
	if err != nil {
		return 0, missing(sha256, err)
	}
	return info.Size, nil
}

// Delete implements [Store].
func (s S3) Delete(ctx context.Context, sha256 string) error {
	if !valid(sha256) {
		return nil
	}
	err := s.client.RemoveObject(ctx, s.bucket.Name, s.key(sha256), minio.RemoveObjectOptions{})
	if err != nil && !absent(err) {
		return fmt.Errorf("delete evidence file %s: %w", sha256, err)
	}
	return nil
}

// Reclaim implements [Store]. Within this process nobody can put the same bytes
// meanwhile. Another process could, within the milliseconds between its two
// questions: whoever writes a row looks afterwards whether its bytes are there.
func (s S3) Reclaim(ctx context.Context, sha256 string, before time.Time) (bool, error) {
	if !valid(sha256) {
		return false, nil
	}
	s.place.Lock()
	defer s.place.Unlock()
	info, err := s.client.StatObject(ctx, s.bucket.Name, s.key(sha256), minio.StatObjectOptions{})
	if err != nil && absent(err) || err == nil && !info.LastModified.Before(before) {
		return false, nil
	}
	if err == nil {
		err = s.client.RemoveObject(ctx, s.bucket.Name, s.key(sha256), minio.RemoveObjectOptions{})
	}
	if err != nil {
		return false, fmt.Errorf("reclaim evidence file %s: %w", sha256, err)
	}
	return true, nil
}

// All implements [Store]. The service lists keys in order, and those begin alike.
func (s S3) All(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the listing
		prefix := ""
		if s.bucket.Prefix != "" {
			prefix = strings.TrimSuffix(s.bucket.Prefix, "/") + "/"
		}
		for object := range s.client.ListObjects(ctx, s.bucket.Name, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			sum := path.Base(object.Key)
			switch {
			case object.Err != nil:
				yield("", fmt.Errorf("list the evidence files: %w", object.Err))
				return
			case object.Key != s.key(sum):
				continue // not ours
			case !yield(sum, nil):
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield("", fmt.Errorf("list the evidence files: %w", err))
		}
	}
}

func (s S3) key(sum string) string {
	if !valid(sum) {
		return ""
	}
	return path.Join(s.bucket.Prefix, sum[:2], sum[2:4], sum)
}

func absent(err error) bool {
	code := minio.ToErrorResponse(err)
	return code.StatusCode == http.StatusNotFound || code.Code == minio.NoSuchKey
}

// roomless tells a full service from a broken one.
func roomless(err error) error {
	if code := minio.ToErrorResponse(err); code.StatusCode == http.StatusInsufficientStorage || code.Code == "QuotaExceeded" {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

func missing(sum string, err error) error {
	if absent(err) {
		return ErrNotFound
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("open evidence file %s: %w", sum, err)
}
