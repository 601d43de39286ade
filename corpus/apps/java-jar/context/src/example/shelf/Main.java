package example.shelf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves the shelf on port 8080. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Shelf shelf = Shelf.load();
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/books", exchange -> answer(exchange, shelf));
        server.start();
    }

    private static void answer(HttpExchange exchange, Shelf shelf) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String author = query != null && query.startsWith("by=") ? query.substring(3) : "";
        byte[] text = shelf.by(author).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }
}
