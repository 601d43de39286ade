package example.shelf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The books, the oldest first. */
final class Shelf {
    private final List<Book> books;

    Shelf(List<Book> books) {
        this.books = books.stream().sorted(Comparator.comparingInt(Book::year)).toList();
    }

    static Shelf load() throws IOException {
        try (InputStream stream = Shelf.class.getResourceAsStream("/books.csv");
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new Shelf(reader.lines().map(Book::of).toList());
        }
    }

    String by(String author) {
        return books.stream()
                .filter(book -> author.isEmpty() || book.author().equals(author))
                .map(Book::toString)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
