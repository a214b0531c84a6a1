package supervise_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

const (
	secret  = "river-7-otter"
	another = "maple-3-heron"
)

var post = map[ledger.Role]ledger.Post{
	ledger.Clerk:    {ID: "p-clerk", Role: ledger.Clerk, Body: "office"},
	ledger.SysAdmin: {ID: "p-sys", Role: ledger.SysAdmin},
	ledger.SecAdmin: {ID: "p-sec", Role: ledger.SecAdmin},
}

// staffed is an installation set up by one person, zhou, who holds three posts.
func staffed(t *testing.T, db *store.DB) *supervise.Service {
	t.Helper()
	s := supervise.New(db, storetest.Zone)
	link, needed, err := s.EnsureSetUpToken(t.Context())
	if err != nil || !needed {
		t.Fatalf("an empty installation: needed = %v, %v", needed, err)
	}
	if err := s.SetUp(t.Context(), link, firstPerson()); err != nil {
		t.Fatal(err)
	}
	return s
}

func firstPerson() supervise.SetUp {
	return supervise.SetUp{
		Bodies: []ledger.AddBody{{Code: "office", Name: "县委巡察办"}, {Code: "discipline", Name: "县纪委监委"}},
		People: []supervise.NewUser{{
			Username: "Zhou", Name: "周明丽", Password: secret,
			Posts: []ledger.Post{post[ledger.Clerk], post[ledger.SysAdmin], post[ledger.SecAdmin]},
		}},
	}
}

func signIn(t *testing.T, s *supervise.Service, username, password string) (string, policy.Actor) {
	t.Helper()
	session, who, err := s.SignIn(t.Context(), username, password, "10.0.0.1")
	if err != nil {
		t.Fatalf("sign in as %s: %v", username, err)
	}
	return session, who
}

func isRefused(t *testing.T, err error, code string) {
	t.Helper()
	var r ledger.Refusal
	if !errors.As(err, &r) || r.Code != code {
		t.Errorf("err = %v; want refusal %s", err, code)
	}
}

func isErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("err = %v; want %v", err, want)
	}
}

func TestSessionActsByThePostOfThePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		session, who := signIn(t, s, " ZHOU ", secret)
		if who.Role != ledger.Clerk || who.Body != "office" || who.Name != "周明丽" {
			t.Errorf("signed in as %+v", who)
		}
		if again, err := s.WhoIs(t.Context(), session); err != nil || again != who {
			t.Errorf("WhoIs = %+v, %v; want %+v", again, err, who)
		}
		switched, err := s.SwitchPost(t.Context(), session, "p-sec")
		if err != nil || switched.Role != ledger.SecAdmin || switched.Body != "" {
			t.Errorf("SwitchPost = %+v, %v", switched, err)
		}
		if again, _ := s.WhoIs(t.Context(), session); again != switched {
			t.Errorf("after the switch: %+v", again)
		}
		_, err = s.SwitchPost(t.Context(), session, "p-auditor")
		isErr(t, err, store.ErrNotFound)
		if err := s.SignOut(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		_, err = s.WhoIs(t.Context(), session)
		isErr(t, err, supervise.ErrSignedOut)
		_, err = s.WhoIs(t.Context(), "lss_nonsense")
		isErr(t, err, supervise.ErrSignedOut)
	})
}

func TestWrongPasswordsShutTheAccountWhetherItExistsOrNot(t *testing.T) {
	for _, username := range []string{"zhou", "nobody"} {
		t.Run(username, func(t *testing.T) {
			storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
				s := staffed(t, db)
				for range 4 {
					_, _, err := s.SignIn(t.Context(), username, "wrong-9-guess", "")
					isRefused(t, err, "signin.wrong")
				}
				for range 2 {
					_, _, err := s.SignIn(t.Context(), username, "wrong-9-guess", "")
					isRefused(t, err, "signin.locked")
				}
				_, _, err := s.SignIn(t.Context(), username, secret, "")
				isRefused(t, err, "signin.locked")
				w.Pass(account.FirstLockOut)
				if username == "nobody" {
					return
				}
				signIn(t, s, username, secret)
				_, _, err = s.SignIn(t.Context(), username, "wrong-9-guess", "")
				isRefused(t, err, "signin.wrong") // a success has forgotten the failures
			})
		})
	}
}

func TestBurstOfTriesCannotOutrunTheCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		var wg sync.WaitGroup
		var mu sync.Mutex
		looked := 0
		for range 20 {
			wg.Go(func() {
				_, _, err := s.SignIn(context.Background(), "zhou", "wrong-9-guess", "")
				var r ledger.Refusal
				if errors.As(err, &r) && r.Code == "signin.wrong" {
					mu.Lock()
					looked++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if looked >= account.FailuresAllowed {
			t.Errorf("%d passwords were looked at and found wrong before the account was shut", looked)
		}
	})
}

func TestOneAddressCannotTryManyUsernames(t *testing.T) {
	db := storetest.SQLite(t)
	s := staffed(t, db)
	var err error
	for i := range 101 {
		_, _, err = s.SignIn(t.Context(), "user"+strings.Repeat("x", i), "wrong-9-guess", "10.0.0.9")
	}
	isRefused(t, err, "signin.remote")
	signIn(t, s, "zhou", secret) // from another address
}

func TestSessionEndsByTime(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		s := staffed(t, db)
		busy, _ := signIn(t, s, "zhou", secret)
		idle, _ := signIn(t, s, "zhou", secret)
		for range 4 {
			w.Pass(5 * time.Hour)
			if _, err := s.WhoIs(t.Context(), busy); err != nil {
				t.Fatalf("a session in use ended after %v: %v", w.At.Sub(storetest.Now), err)
			}
		}
		_, err := s.WhoIs(t.Context(), idle)
		isErr(t, err, supervise.ErrSignedOut)
		w.Pass(4 * time.Hour)
		_, err = s.WhoIs(t.Context(), busy)
		isErr(t, err, supervise.ErrSignedOut)
	})
}

func TestSessionEndsWithThePostThePersonOrThePassword(t *testing.T) {
	ends := map[string]func(*testing.T, *supervise.Service, policy.Actor){
		"post": func(t *testing.T, s *supervise.Service, who policy.Actor) {
			sec := policy.Actor{Person: "x", Role: ledger.SecAdmin}
			site{t, s}.do(sec, ledger.EndPost{Person: who.Person, Post: who.Post, Until: date("2026-03-24")})
		},
		"person": func(t *testing.T, s *supervise.Service, who policy.Actor) {
			site{t, s}.do(policy.Actor{Person: "x", Role: ledger.SysAdmin}, ledger.DisablePerson{Person: who.Person})
		},
		"password": func(t *testing.T, s *supervise.Service, who policy.Actor) {
			if _, err := s.ResetPassword(t.Context(), policy.Actor{Person: "x", Role: ledger.SysAdmin}, who.Person, ""); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
				s := staffed(t, db)
				session, who := signIn(t, s, "zhou", secret)
				end(t, s, who)
				if name == "post" { // held to the end of its last day: midnight in China
					w.Pass(7 * time.Hour)
					if _, err := s.WhoIs(t.Context(), session); err != nil {
						t.Errorf("on the last day: %v", err)
					}
					w.Pass(7 * time.Hour)
				}
				_, err := s.WhoIs(t.Context(), session)
				isErr(t, err, supervise.ErrSignedOut)
			})
		})
	}
}

func TestInitialPasswordIsGoodForChoosingAnotherOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		session, _ := signIn(t, s, "zhou", secret)
		zhou, err := s.SwitchPost(t.Context(), session, "p-sys")
		if err != nil {
			t.Fatal(err)
		}
		p, initial, err := s.AddUser(t.Context(), zhou, supervise.NewUser{Username: "Ge.Hong", Name: "葛红"})
		if err != nil || p.Username != "ge.hong" {
			t.Fatalf("AddUser = %+v, %v", p, err)
		}
		_, _, err = s.AddUser(t.Context(), zhou, supervise.NewUser{Username: "ge.hong", Name: "葛虹"})
		isRefused(t, err, "person.username_taken")
		_, err = s.Appoint(t.Context(), zhou, p.ID, ledger.Post{Role: ledger.Auditor})
		isErr(t, err, supervise.ErrForbidden) // a system administrator grants nothing

		sec := zhou
		sec.Role = ledger.SecAdmin
		_, err = s.Appoint(t.Context(), sec, p.ID, ledger.Post{Role: ledger.Reviewer, Body: "nowhere"})
		isErr(t, err, store.ErrNotFound)
		if _, err = s.Appoint(t.Context(), sec, p.ID, ledger.Post{Role: ledger.Reviewer, Body: "discipline"}); err != nil {
			t.Fatal(err)
		}
		_, ge := signIn(t, s, "ge.hong", initial)
		if ge.Role != "" {
			t.Errorf("with the initial password: %+v; want no role", ge)
		}
		_, err = s.ChangePassword(t.Context(), ge, "not-the-0ld-one", another)
		isRefused(t, err, "password.old_wrong")
		_, err = s.ChangePassword(t.Context(), ge, initial, "short")
		isRefused(t, err, "password.too_short")
		_, err = s.ChangePassword(t.Context(), ge, initial, initial)
		isRefused(t, err, "password.same")
		changed, err := s.ChangePassword(t.Context(), ge, initial, another)
		if err != nil {
			t.Fatal(err)
		}
		if ge, err = s.WhoIs(t.Context(), changed); err != nil || ge.Role != ledger.Reviewer {
			t.Errorf("after the change: %+v, %v", ge, err)
		}
		_, _, err = s.SignIn(t.Context(), "ge.hong", initial, "")
		isRefused(t, err, "signin.wrong")
	})
}

func TestOnlyADemonstrationLetsInWithoutPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		_, _, err := s.SignInDemo(t.Context(), "zhou")
		isErr(t, err, supervise.ErrForbidden)
		s.Demo = true
		session, _, err := s.SignInDemo(t.Context(), "zhou")
		if err != nil {
			t.Fatal(err)
		}
		if who, err := s.WhoIs(t.Context(), session); err != nil || who.Role != ledger.Clerk {
			t.Errorf("WhoIs = %+v, %v", who, err)
		}
		_, _, err = s.SignInDemo(t.Context(), "nobody")
		isErr(t, err, store.ErrNotFound)
	})
}

func TestSetUpLinkWorksOnce(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		ctx, s := t.Context(), supervise.New(db, storetest.Zone)
		first, _, _ := s.EnsureSetUpToken(ctx)
		link, _, _ := s.EnsureSetUpToken(ctx) // a second start makes another
		isErr(t, s.SetUp(ctx, first, firstPerson()), store.ErrNotFound)
		w.Pass(account.SetUpLife)
		isErr(t, s.SetUp(ctx, link, firstPerson()), store.ErrNotFound)
		link, _, _ = s.EnsureSetUpToken(ctx)

		lonely := firstPerson()
		lonely.People[0].Posts = lonely.People[0].Posts[:2]
		isRefused(t, s.SetUp(ctx, link, lonely), "setup.role_missing")
		taken := firstPerson()
		taken.People = append(taken.People, supervise.NewUser{Username: "zhou", Name: "周二", Password: another})
		err := s.SetUp(ctx, link, taken)
		isRefused(t, err, "person.username_taken")
		var at supervise.OrderError
		if !errors.As(err, &at) || at.Index != 1 {
			t.Errorf("err = %v; want an OrderError for the second person", err)
		}
		if bodies, _ := db.Read().Bodies(ctx); len(bodies) > 0 {
			t.Errorf("a set-up that went wrong left %v", bodies)
		}
		if err := s.SetUp(ctx, link, firstPerson()); err != nil {
			t.Fatal(err)
		}
		isErr(t, s.SetUp(ctx, link, firstPerson()), store.ErrNotFound)
		if _, needed, err := s.EnsureSetUpToken(ctx); needed || err != nil {
			t.Errorf("after the set-up: needed = %v, %v", needed, err)
		}
		v, err := s.Verify(ctx)
		if err != nil || v.Fault != nil {
			t.Errorf("verify: %+v, %v", v.Fault, err)
		}
	})
}

func TestSystemActorMayEnterPeopleAndNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		_, initial, err := s.AddUser(t.Context(), supervise.Console, supervise.NewUser{
			Username: "li", Name: "李", Password: another, Posts: []ledger.Post{{Role: ledger.Auditor}},
		})
		if err != nil || initial != another {
			t.Fatal(err)
		}
		for _, act := range []ledger.Act{
			ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "x"}},
			ledger.OpenRound{Number: 8, Mechanism: "weixi"},
			ledger.AmendBody{Code: "office", Name: "x"},
		} {
			_, err := s.Do(t.Context(), supervise.Console, supervise.Order{Act: act, Seen: supervise.Any})
			isErr(t, err, supervise.ErrForbidden)
		}
		if policy.ScopeOf(supervise.Console) != (policy.Scope{}) {
			t.Error("the command line sees cases")
		}
	})
}

func TestTokenActsWithinItsScopeUntilRevoked(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		ctx, s := t.Context(), staffed(t, db)
		_, zhou := signIn(t, s, "zhou", secret)
		make := func(scope account.Scope, days int) (string, account.Token) {
			t.Helper()
			secret, token, err := s.MakeToken(ctx, zhou, supervise.NewToken{
				Person: zhou.Person, Post: zhou.Post, Name: "夜间导出", Scope: scope, Days: days,
			})
			if err != nil {
				t.Fatal(err)
			}
			return secret, token
		}
		reading, _ := make(account.ScopeRead, 0)
		acting, token := make(account.ScopeAct, 0)
		brief, _ := make(account.ScopeRead, 30)
		want := zhou
		if who, err := s.WhoIsToken(ctx, acting); err != nil || who != want {
			t.Errorf("acting: %+v, %v", who, err)
		}
		want.ReadOnly = true
		readOnly, err := s.WhoIsToken(ctx, reading)
		if err != nil || readOnly != want {
			t.Errorf("reading: %+v, %v", readOnly, err)
		}
		_, _, err = s.MakeToken(ctx, readOnly, supervise.NewToken{Person: zhou.Person, Post: zhou.Post, Name: "x", Scope: account.ScopeAct})
		isErr(t, err, supervise.ErrForbidden)
		_, _, err = s.MakeToken(ctx, policy.Actor{Person: "other", Role: ledger.Clerk}, supervise.NewToken{Person: zhou.Person, Post: zhou.Post, Name: "x", Scope: account.ScopeRead})
		isErr(t, err, supervise.ErrForbidden)
		_, _, err = s.MakeToken(ctx, supervise.Console, supervise.NewToken{Person: zhou.Person, Post: "p-none", Name: "x", Scope: account.ScopeRead})
		isRefused(t, err, "token.post")

		isErr(t, s.RevokeToken(ctx, policy.Actor{Person: "other"}, token.ID), store.ErrNotFound)
		if err := s.RevokeToken(ctx, zhou, token.ID); err != nil {
			t.Fatal(err)
		}
		_, err = s.WhoIsToken(ctx, acting)
		isErr(t, err, supervise.ErrSignedOut)
		w.Pass(30 * 24 * time.Hour)
		_, err = s.WhoIsToken(ctx, brief)
		isErr(t, err, supervise.ErrSignedOut)
		if list, err := db.Read().TokensOf(ctx, zhou.Person); err != nil || len(list) != 3 {
			t.Errorf("tokens: %v, %v", list, err)
		}
		site{t, s}.do(policy.Actor{Person: "x", Role: ledger.SysAdmin}, ledger.DisablePerson{Person: zhou.Person})
		_, err = s.WhoIsToken(ctx, reading)
		isErr(t, err, supervise.ErrSignedOut)
	})
}

// What is secret is in no entry of the trail and in no row as it was typed.
func TestSecretsAreNotInTheTrail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := staffed(t, db)
		session, zhou := signIn(t, s, "zhou", secret)
		if _, err := s.ChangePassword(t.Context(), zhou, secret, another); err != nil {
			t.Fatal(err)
		}
		c, err := db.Read().Credential(t.Context(), zhou.Person)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := db.Read().Trail(t.Context(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(entries)
		for _, hidden := range []string{secret, another, session, c.Hash, "argon2"} {
			if strings.Contains(string(text), hidden) {
				t.Errorf("the trail holds %q", hidden)
			}
		}
		if n := strings.Count(string(text), `"PasswordSet"`); n != 2 {
			t.Errorf("PasswordSet is in the trail %d times, want 2", n)
		}
	})
}
