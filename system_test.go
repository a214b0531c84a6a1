package lianshen

import (
	"go/ast"
	"testing"
)

// policy.Actor.System opens the door to whoever sets it, so only the door itself
// does, for the set-up link and the command line.
func TestOnlySuperviseMakesSystemActors(t *testing.T) {
	made := 0
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			at := n
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); !ok || key.Name != "System" {
					return true
				}
			case *ast.AssignStmt:
				if len(n.Lhs) != 1 || !isSystem(n.Lhs[0]) {
					return true
				}
			default:
				return true
			}
			made++
			if s.dir != "internal/supervise" {
				t.Errorf("%s: only package supervise makes system actors", s.set.Position(at.Pos()))
			}
			return true
		})
	}
	if made == 0 {
		t.Error("no system actor was found: the test looks for the wrong name")
	}
}

func isSystem(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "System"
}
