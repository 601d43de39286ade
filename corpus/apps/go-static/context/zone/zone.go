// Package zone names the offset of a time zone.
package zone

import "time"

// Offset is how a zone was on the first day of 2020.
func Offset(name string) (string, error) {
	place, err := time.LoadLocation(name)
	if err != nil {
		return "", err
	}
	return time.Date(2020, 1, 1, 0, 0, 0, 0, place).Format("MST -0700"), nil
}
