// Package store keeps notes in SQLite.
package store

/*
#cgo LDFLAGS: -lsqlite3
#include <sqlite3.h>
#include <stdlib.h>

static int bind_text(sqlite3_stmt *statement, int index, const char *text) {
	return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}
*/
import "C"

import (
	"errors"
	"os"
	"sync"
	"unsafe"
)

// Note is one row.
type Note struct {
	Number int64
	Body   string
}

// Store is an open database.
type Store struct {
	lock     sync.Mutex
	database *C.sqlite3
}

// Open opens a database and runs the schema that is in a file.
func Open(path, schema string) (*Store, error) {
	script, err := os.ReadFile(schema)
	if err != nil {
		return nil, err
	}
	name, text := C.CString(path), C.CString(string(script))
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(text))
	store := &Store{}
	if C.sqlite3_open(name, &store.database) != C.SQLITE_OK {
		return nil, store.failure()
	}
	if C.sqlite3_exec(store.database, text, nil, nil, nil) != C.SQLITE_OK {
		return nil, store.failure()
	}
	return store, nil
}

// All gives every note, the oldest first.
func (store *Store) All() ([]Note, error) {
	store.lock.Lock()
	defer store.lock.Unlock()
	statement, err := store.prepare("SELECT number, body FROM notes ORDER BY number")
	if err != nil {
		return nil, err
	}
	defer C.sqlite3_finalize(statement)
	var notes []Note
	for C.sqlite3_step(statement) == C.SQLITE_ROW {
		body := (*C.char)(unsafe.Pointer(C.sqlite3_column_text(statement, 1)))
		notes = append(notes, Note{int64(C.sqlite3_column_int64(statement, 0)), C.GoString(body)})
	}
	return notes, nil
}

// Add keeps one more note.
func (store *Store) Add(body string) error {
	store.lock.Lock()
	defer store.lock.Unlock()
	statement, err := store.prepare("INSERT INTO notes (body) VALUES (?)")
	if err != nil {
		return err
	}
	defer C.sqlite3_finalize(statement)
	text := C.CString(body)
	defer C.free(unsafe.Pointer(text))
	if C.bind_text(statement, 1, text) != C.SQLITE_OK || C.sqlite3_step(statement) != C.SQLITE_DONE {
		return store.failure()
	}
	return nil
}

func (store *Store) prepare(query string) (*C.sqlite3_stmt, error) {
	text := C.CString(query)
	defer C.free(unsafe.Pointer(text))
	var statement *C.sqlite3_stmt
	if C.sqlite3_prepare_v2(store.database, text, -1, &statement, nil) != C.SQLITE_OK {
		return nil, store.failure()
	}
	return statement, nil
}

func (store *Store) failure() error {
	return errors.New(C.GoString(C.sqlite3_errmsg(store.database)))
}
