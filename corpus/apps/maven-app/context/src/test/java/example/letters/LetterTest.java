package example.letters;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.junit.Test;

public class LetterTest {
    @Test
    public void fillsGaps() {
        assertEquals("Dear Ada,\n", new Letter("Dear ${name},").fill(Map.of("name", "Ada")));
        assertEquals("in two days\n", new Letter("in ${days:-two} days").fill(Map.of()));
    }
}
