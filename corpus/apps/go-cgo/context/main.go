package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"example.com/notes/store"
)

func main() {
	path := os.Getenv("NOTES_DB")
	if path == "" {
		path = ":memory:"
	}
	notes, err := store.Open(path, "schema.sql")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/notes", func(answer http.ResponseWriter, request *http.Request) {
		if request.Method == http.MethodPost {
			add(notes, answer, request)
			return
		}
		list(notes, answer)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func list(notes *store.Store, answer http.ResponseWriter) {
	all, err := notes.All()
	if err != nil {
		http.Error(answer, err.Error(), http.StatusInternalServerError)
		return
	}
	for _, note := range all {
		fmt.Fprintf(answer, "%d %s\n", note.Number, note.Body)
	}
}

func add(notes *store.Store, answer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(io.LimitReader(request.Body, 4096))
	text := strings.TrimSpace(string(body))
	if err != nil || text == "" {
		http.Error(answer, "a note needs a body", http.StatusBadRequest)
		return
	}
	if err := notes.Add(text); err != nil {
		http.Error(answer, err.Error(), http.StatusInternalServerError)
		return
	}
	answer.WriteHeader(http.StatusCreated)
}
