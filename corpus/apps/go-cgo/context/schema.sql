CREATE TABLE IF NOT EXISTS notes (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO notes (body)
SELECT column1 FROM (VALUES ('water the plants'), ('call the plumber'))
WHERE NOT EXISTS (SELECT 1 FROM notes);
