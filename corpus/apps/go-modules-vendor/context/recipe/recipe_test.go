package recipe

import (
	"reflect"
	"testing"
)

func TestScale(t *testing.T) {
	soup := Recipe{People: 2, Ingredients: []Ingredient{{"water", 500, "ml"}, {"carrots", 3, ""}}}
	want := []string{"water: 1 l 500 ml", "carrots: 9"}
	if got := soup.Scale(6); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
