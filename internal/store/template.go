package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"lianshen/internal/ledger"
)

// Template returns what the installation uses for a kind of document; without files
// if that is the program's own.
func (r Reader) Template(ctx context.Context, kind string) (ledger.Template, error) {
	t, err := load[ledger.Template](ctx, r, ledger.TemplateRef(kind))
	if errors.Is(err, ErrNotFound) {
		return ledger.Template{Kind: kind}, nil
	}
	return t, err
}

// Templates returns all that the installation has taken in, by kind.
func (r Reader) Templates(ctx context.Context) ([]ledger.Template, error) {
	list, err := states[ledger.Template](ctx, r, ledger.KindTemplate, `select state from template order by id limit 1000`)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return list, nil
}

// TemplateFile returns the bytes of a template by their SHA-256, or ErrNotFound.
func (r Reader) TemplateFile(ctx context.Context, digest string) ([]byte, error) {
	var data string
	if err := one(r.q.QueryRowContext(ctx, `select data from template_file where sha256 = $1`, digest), &data); err != nil {
		return nil, fmt.Errorf("file %s of a template: %w", digest, err)
	}
	file, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, fmt.Errorf("file %s of a template: %w", digest, err)
	}
	return file, nil
}

// PutTemplateFile keeps the bytes of a template and returns their SHA-256. Bytes that
// are kept already are not written again. A file that no record comes to name stays:
// it is small, and the next upload of it finds it there.
func (db *DB) PutTemplateFile(ctx context.Context, file []byte) (string, error) {
	sum := sha256.Sum256(file)
	digest := hex.EncodeToString(sum[:])
	err := db.Write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `insert into template_file (sha256, size, data) values ($1, $2, $3) on conflict (sha256) do nothing`,
			digest, int64(len(file)), base64.StdEncoding.EncodeToString(file))
	})
	if err != nil {
		return "", fmt.Errorf("keep the file of a template: %w", err)
	}
	return digest, nil
}
