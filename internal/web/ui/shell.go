package ui

import "github.com/a-h/templ"

// shortcuts are the keys app.js listens to, in the order of the sheet; does names the wording keys.<does>.
var shortcuts = []struct {
	keys []string
	does string
}{
	{[]string{"J"}, "next"},
	{[]string{"K"}, "previous"},
	{[]string{"Enter"}, "open"},
	{[]string{"X"}, "select"},
	{[]string{"Esc"}, "clear"},
	{[]string{"/"}, "filter"},
	{[]string{"Ctrl", "K"}, "search"},
	{[]string{"1", "2", "3"}, "verdict"},
	{[]string{"F"}, "flag"},
	{[]string{"N"}, "disagreement"},
	{[]string{"Ctrl", "Enter"}, "submit"},
	{[]string{"Ctrl", "S"}, "save"},
	{[]string{"?"}, "sheet"},
}

// current is aria-current="page" where the link is where one is.
func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// hot adds the class of a number that needs attention.
func hot(class string, is bool) string {
	if is {
		return class + " hot"
	}
	return class
}

// navMarks are the attributes of a navigation entry: where one is, and a tooltip where the rail hides the label.
func navMarks(rail bool, n NavItem) templ.Attributes {
	marks := templ.Attributes{}
	if n.Current {
		marks["aria-current"] = "page"
	}
	if rail {
		marks["title"] = n.Label
	}
	return marks
}

var noteIcons = map[string]string{
	"red": "alert-triangle", "amb": "alert-circle", "grn": "circle-check", "blu": "info-circle", "vio": "eye-off",
}

func noteIcon(hue string) string {
	if icon, ok := noteIcons[hue]; ok {
		return icon
	}
	return "info-circle"
}
