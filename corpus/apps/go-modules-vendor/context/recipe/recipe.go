// Package recipe reads recipes and scales them to a number of people.
package recipe

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"example.com/units"
)

// Ingredient is an amount of something.
type Ingredient struct {
	Name   string `json:"name"`
	Amount int    `json:"amount"`
	Unit   string `json:"unit"`
}

// Recipe says what is needed for a number of people.
type Recipe struct {
	People      int          `json:"people"`
	Ingredients []Ingredient `json:"ingredients"`
}

// Read finds a recipe in a folder.
func Read(folder, name string) (Recipe, error) {
	var found Recipe
	text, err := os.ReadFile(filepath.Join(folder, filepath.Base(name)+".json"))
	if err != nil {
		return found, err
	}
	return found, json.Unmarshal(text, &found)
}

// Scale lists the ingredients for a number of people.
func (recipe Recipe) Scale(people int) []string {
	var lines []string
	for _, one := range recipe.Ingredients {
		amount := (one.Amount*people + recipe.People - 1) / recipe.People
		lines = append(lines, fmt.Sprintf("%s: %s", one.Name, units.Text(amount, one.Unit)))
	}
	return lines
}
