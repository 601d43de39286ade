package main

import "testing"

func TestGuests(t *testing.T) {
	if len(guests) != 2 {
		t.Fatal(guests)
	}
}
