// Command scale serves recipes for as many people as there are.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"strings"

	"example.com/scale/recipe"
)

func main() {
	listen := flag.String("listen", ":8080", "address to listen on")
	folder := flag.String("recipes", "recipes", "folder of recipes")
	flag.Parse()
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		found, err := recipe.Read(*folder, strings.TrimPrefix(request.URL.Path, "/"))
		if err != nil {
			http.Error(answer, "no such recipe", http.StatusNotFound)
			return
		}
		people, err := strconv.Atoi(request.URL.Query().Get("for"))
		if err != nil || people < 1 {
			people = found.People
		}
		fmt.Fprintln(answer, strings.Join(found.Scale(people), "\n"))
	})
	log.Fatal(http.ListenAndServe(*listen, nil))
}
