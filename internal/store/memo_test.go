package store

import (
	"strconv"
	"testing"
	"time"
)

func TestMemoIsGoodForOneHead(t *testing.T) {
	var m memo
	now := time.Date(2026, 3, 24, 2, 0, 0, 0, time.UTC)
	kept := func(head int64) bool {
		_, ok := m.get(head, "q", now)
		return ok
	}
	if kept(0) {
		t.Error("an empty memo has an answer")
	}
	m.put(5, "q", 1, now)
	if !kept(5) {
		t.Error("the answer is gone while the trail stood still")
	}
	if kept(6) {
		t.Error("an answer outlived an act")
	}
	m.put(6, "other", 2, now)
	if kept(6) || kept(5) {
		t.Error("an answer of an earlier head came along to the next")
	}
	m.put(5, "q", 1, now)
	if kept(6) {
		t.Error("an answer to a question of before the act was kept as one of after it")
	}
	m.put(6, "q", 3, now)
	now = now.Add(memoAge)
	if kept(6) {
		t.Error("an answer outlived its age")
	}
}

func TestMemoIsBounded(t *testing.T) {
	var m memo
	now := time.Date(2026, 3, 24, 2, 0, 0, 0, time.UTC)
	for i := range 3 * memoSize {
		m.put(1, strconv.Itoa(i), i, now)
	}
	if len(m.answers) > memoSize {
		t.Errorf("%d answers", len(m.answers))
	}
}
