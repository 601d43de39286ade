package example.letters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;

/** Writes letters on port 8080: the path names one, the query fills its gaps. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of("templates");
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> answer(exchange, folder));
        server.start();
    }

    private static void answer(HttpExchange exchange, Path folder) throws IOException {
        int status = 200;
        String text;
        try {
            Letter letter = Letter.read(folder, exchange.getRequestURI().getPath());
            text = letter.fill(values(exchange.getRequestURI().getQuery()));
        } catch (NoSuchFileException error) {
            status = 404;
            text = "no such letter\n";
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> values(String query) {
        Map<String, String> found = new HashMap<>();
        for (String pair : StringUtils.split(StringUtils.defaultString(query), '&')) {
            found.put(StringUtils.substringBefore(pair, "="), StringUtils.substringAfter(pair, "="));
        }
        return found;
    }
}
