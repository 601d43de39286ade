package example.shelf;

/** One book of the shelf. */
record Book(String author, String title, int year) {
    static Book of(String line) {
        String[] parts = line.split(";");
        return new Book(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return "%s: %s (%d)".formatted(author, title, year);
    }
}
