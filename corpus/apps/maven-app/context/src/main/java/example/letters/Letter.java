package example.letters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.text.StringSubstitutor;
import org.apache.commons.text.WordUtils;

/** A letter with gaps. */
final class Letter {
    private final String template;

    Letter(String template) {
        this.template = template;
    }

    static Letter read(Path folder, String name) throws IOException {
        return new Letter(Files.readString(folder.resolve(StringUtils.strip(name, "./") + ".txt")));
    }

    String fill(Map<String, String> values) {
        return new StringSubstitutor(values).replace(template).lines()
                .map(line -> WordUtils.wrap(line, 60))
                .reduce("", (text, line) -> text + line + "\n");
    }
}
