package main

import (
	"html/template"
	"log"
	"net/http"
	"strings"
)

var guests = []string{"ada", "grace"}

func main() {
	page := template.Must(template.ParseFiles("templates/page.html"))
	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if err := page.Execute(w, strings.Join(guests, ", ")); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
