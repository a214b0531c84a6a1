package mechanism

import (
	"strings"
	"testing"
)

func TestPresetsAreSound(t *testing.T) {
	weixi := Presets()["weixi"]
	if len(weixi.Panel(Report, false)) != 4 || len(weixi.Criteria(Report)) != 6 {
		t.Errorf("weixi has %d parties and %d criteria for the report; want 4 and 6", len(weixi.Panel(Report, false)), len(weixi.Criteria(Report)))
	}
}

func TestParseNamesTheLine(t *testing.T) {
	text, _ := presets.ReadFile("presets/weixi.yaml")
	broken := strings.Replace(string(text), "blind: true", "blnd: true", 1)
	_, err := Parse([]byte(broken))
	if err == nil || !strings.Contains(err.Error(), "blnd") {
		t.Errorf("unknown key: err = %v; want one that shows it", err)
	}
}

func TestParseRefusesAPanelThatCannotConclude(t *testing.T) {
	text, _ := presets.ReadFile("presets/weixi.yaml")
	if _, err := Parse([]byte(strings.Replace(string(text), ", consolidates: true", "", 1))); err == nil {
		t.Error("a mechanism in which nobody consolidates was accepted")
	}
}
