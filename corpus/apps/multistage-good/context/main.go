package main

import (
	"flag"
	"fmt"
	"math/rand"
)

func main() {
	seed := flag.Int64("seed", 1, "where the row of numbers begins")
	flag.Parse()
	fmt.Println("thrown", rand.New(rand.NewSource(*seed)).Intn(6)+1)
}
