package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"example.com/zones/zone"
)

func main() {
	offset, err := zone.Offset(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	roots, err := x509.SystemCertPool()
	found := err == nil && !roots.Equal(x509.NewCertPool())
	fmt.Printf("%s, roots found: %v\n", offset, found)
}
