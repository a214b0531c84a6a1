package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lianshen/internal/account"
)

func ExampleCheckPassword() {
	fmt.Println(account.CheckPassword("wangfang", "Wangfang@2026"))
	fmt.Println(account.CheckPassword("wangfang", "三月的雨下了一整夜没停"))
	// Output:
	// refused password.is_username []
	// <nil>
}

func TestCheckPassword(t *testing.T) {
	for _, tt := range []struct{ username, password, want string }{
		{"wangfang", "river-7-otter", ""},
		{"wangfang", "九个汉字还是太短了", "password.too_short"},
		{"wangfang", "十个汉字就已经够长了", ""},
		{"wangfang", strings.Repeat("长长短短", 100), "password.too_long"},
		{"WangFang88", "wangfang88", "password.is_username"},
		{"wangfang", "wangfangwangfang", "password.is_username"},
		{"wangfang", "20260318wangfang!", "password.is_username"},
		{"13800000000", "13800000000", "password.is_username"},
		{"13800000000", "8642097531", ""},
		{"", "river-7-otter", ""},
		{"wangfang", "1234567890", "password.common"},
		{"wangfang", "１２３４５６７８９０", "password.common"}, // full-width
		{"wangfang", "QWERTYUIOP", "password.common"},
		{"wangfang", "abababababab", "password.repetitive"},
	} {
		if got := code(t, account.CheckPassword(tt.username, tt.password)); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.username, tt.password, got, tt.want)
		}
	}
}

func TestFoldUsernameIgnoresCaseAndWidth(t *testing.T) {
	if got := account.FoldUsername(" ＷangFang "); got != "wangfang" {
		t.Errorf("FoldUsername = %q", got)
	}
}

func TestMatches(t *testing.T) {
	ctx := t.Context()
	h := account.NewHasher(2)
	hash, err := h.Hash(ctx, "river-7-otter")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("Hash = %q, %v", hash, err)
	}
	for _, tt := range []struct {
		name, password, hash string
		want                 bool
	}{
		{"right", "river-7-otter", hash, true},
		{"right, typed full-width", "ｒiver－７－otter", hash, true},
		{"wrong", "river-7-Otter", hash, false},
		{"empty", "", hash, false},
		{"unknown user", "river-7-otter", "", false},
		{"unknown user, the word behind the stand-in", "the password of nobody", "", false},
		{"a megabyte", strings.Repeat("x", 1<<20), hash, false},
	} {
		if got, err := h.Matches(ctx, tt.password, tt.hash); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
	if ok, err := h.Matches(ctx, "river-7-otter", "plain"); ok || err == nil {
		t.Errorf("a damaged hash: %v, %v; want an error", ok, err)
	}
}

func TestAWaitForTheHasherEndsWithTheRequest(t *testing.T) {
	h := account.NewHasher(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "river-7-otter"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash: %v, want context.Canceled", err)
	}
	if _, err := h.Matches(ctx, "river-7-otter", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Matches: %v, want context.Canceled", err)
	}
}
