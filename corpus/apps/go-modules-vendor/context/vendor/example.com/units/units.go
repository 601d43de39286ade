// Package units writes amounts in the units that people read most easily.
package units

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed units.csv
var table string

// Text writes an amount of a small unit, with as much as possible in the larger one.
func Text(amount int, unit string) string {
	for _, line := range strings.Fields(table) {
		row := strings.Split(line, ",")
		factor, err := strconv.Atoi(row[2])
		if err != nil || row[1] != unit || amount < factor {
			continue
		}
		if amount%factor == 0 {
			return fmt.Sprintf("%d %s", amount/factor, row[0])
		}
		return fmt.Sprintf("%d %s %d %s", amount/factor, row[0], amount%factor, unit)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", amount, unit))
}
