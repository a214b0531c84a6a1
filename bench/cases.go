package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"lianshen/internal/ledger/mechanism"
)

// A request is one line of the table.
type request struct {
	name   string
	status int
	next   func(s *site, i int) (request []byte, ok bool)
	most   func(connections int) int // nil for any number
	shows  string                    // a mark of which the first answer has at least one, "" for none
}

const (
	bareTable   = "bare table"
	ledgerFirst = "ledger page"
	ledgerDeep  = "deep page"
	verdictPost = "verdict"

	rowMark  = "<tr data-row"
	fullPage = 50
)

// ledgerPath is the ledger of the province's round, filtered by status.
var ledgerPath = fmt.Sprintf("/rounds/%d/ledger?stage=rectifying", provinceRound)

// words that people look for: frequent, rarer, a document, a number, none.
var searches = []string{"公务卡", "易地搬迁", "三龄两历 档案审核", "往来款项长期挂账", "云财发〔2024〕12号", "第一议题 流于形式", "图斑整改", "区块链"}

func requests() []request {
	clerk := func(path func(s *site, i int) string) func(*site, int) ([]byte, bool) {
		return func(s *site, i int) ([]byte, bool) { return get(path(s, i), s.sessions[0]), true }
	}
	return []request{
		{name: ledgerFirst, status: http.StatusOK, shows: rowMark, next: clerk(func(*site, int) string { return ledgerPath })},
		{name: ledgerDeep, status: http.StatusOK, shows: rowMark, next: clerk(func(s *site, _ int) string { return s.deepPath })},
		{name: "finding page", status: http.StatusOK, next: clerk(func(_ *site, i int) string {
			return "/findings/" + number(provinceRound, i%organisationsIn, 1+i%200)
		})},
		{name: "text search", status: http.StatusOK, next: clerk(func(_ *site, i int) string {
			return "/search?q=" + url.QueryEscape(searches[i%len(searches)])
		})},
		{name: "round overview", status: http.StatusOK, next: clerk(func(*site, int) string { return fmt.Sprintf("/rounds/%d", provinceRound) })},
		{name: "review page", status: http.StatusOK, next: clerk(func(_ *site, i int) string {
			return reviewPath(firstReviewed+i%6, i%organisationsIn, 1+i%reviewedEach)
		})},
		{name: verdictPost, status: http.StatusSeeOther, next: func(s *site, i int) ([]byte, bool) { return s.verdict(s.spoken + i) }, most: verdictsIn},
	}
}

// verdictsIn bounds how many verdicts one measurement uses up.
func verdictsIn(connections int) int { return 60 * connections }

func reviewPath(round, i, n int) string {
	return "/review/" + submission(round, i) + "/" + number(round, i, n)
}

// verdict makes the k-th verdict: party by party, then from one submission to the
// next, as when all parties review at once. Every fourth asks for something.
func (s *site) verdict(k int) (request []byte, ok bool) {
	const reviewed = provinceRound - firstReviewed
	party, j := k%len(parties), k/len(parties)
	round, i, n := firstReviewed+j%reviewed, j/reviewed%organisationsIn, j/reviewed/organisationsIn+1
	if n > reviewedEach {
		return nil, false
	}
	fields := url.Values{"act": {"give"}, "seen": {"0"}, "key": {"bench-" + strconv.Itoa(k)}, "conclusion": {"agree"}}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		fields.Set("w-"+c.Code, "pass")
	}
	if k%4 == 3 {
		fields.Set("conclusion", "continue")
		fields.Set("w-result", "basic")
		fields.Set("k-result", "must")
		fields.Set("t-result", "整改完成情况不具体，无数据及实例支撑。")
		fields.Set("c-result", "补充具体数据，并附对应的佐证材料。")
	}
	return post(reviewPath(round, i, n), s.sessions[party], fields), true
}

// check asks once and looks whether the answer is the page that is meant to be
// measured.
func (q request) check(s *site) error {
	ask, _ := q.next(s, 0)
	if q.status != http.StatusOK { // an act: asking for its form changes nothing
		ask = get(string(bytes.Fields(ask)[1]), s.sessions[0])
	}
	p, err := fetch(s.addr, ask)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %s: %w", s.base, q.name, err)
	case p.status != http.StatusOK:
		return fmt.Errorf("%s: %s: status %d", s.base, q.name, p.status)
	}
	if n := bytes.Count(p.body, []byte(rowMark)); q.shows == rowMark && n != fullPage {
		return fmt.Errorf("%s: %s shows %d rows instead of %d", s.base, q.name, n, fullPage)
	}
	return nil
}

var nextLink = regexp.MustCompile(`href="([^"]*[?&;]after=[^"]*)"`)

// deepPages is how many pages the deep page lies after the first.
const deepPages = 12

// goDeep follows the links to the next page, as somebody would who turns pages.
func (s *site) goDeep() error {
	path := ledgerPath
	for range deepPages {
		p, err := fetch(s.addr, get(path, s.sessions[0]))
		if err != nil {
			return err
		}
		link := nextLink.FindSubmatch(p.body)
		if link == nil {
			return errors.New("no link to the next page on " + path)
		}
		path = html.UnescapeString(string(link[1]))
	}
	s.deepPath = path
	return nil
}
