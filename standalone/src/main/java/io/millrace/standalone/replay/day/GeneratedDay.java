package io.millrace.standalone.replay.day;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** A day of its own making for a machine without chat logs: always the same, with everything people type and some things they cannot. */
public final class GeneratedDay {
    public static final String NAME = "generated-day";

    private static final int LINES = 600;
    private static final int LINES_A_MINUTE = 5;
    private static final int FIRST_MINUTE = 22 * 60; // it runs over midnight
    private static final int LONG_TEXT = 12_000;
    private static final List<String> NICKS = List.of("ana", "bo", "chidi", "dana_", "[eve]", "fritz^away", "g0rdon", "hana|work", "ida{x}", "jörg", "kenji", "лена",
            "maya\\o/", "नीरा", "omar`", "민준", "q", "zcat[1] ");
    private static final List<String> TEXTS = List.of("good morning", "did anyone try the new build?", "it works here", "no idea, sorry",
            "see https://example.org/a?b=c&d=%20#e", "`kafka-topics.sh --list | grep -v '__'`", "{\"op\":\"send\",\"text\":\"\\u0000\"}", "<script>alert('hi')</script>",
            "👩‍👩‍👧‍👦 came along 🎉🏳️‍🌈", "ﷺ مرحبا بالعالم", "שלום \u202Eolleh\u202C", "你好，世界", "नमस्ते दुनिया", "안녕하세요", "Z̷̢̛a̶l̸g̵o̴",
            "e\u0301 is not \u00E9", "\uD834\uDD1E treble", "tab\there", "bell\u0007 and \u001B[31mred\u001B[0m", "nul \u0000 inside", "line\u2028separator\u0085next",
            "\uFEFFmarked", "back\\slash \"quoted\" 'text'", "=== not a notice", "[12:34] <somebody> quoted", " leading and trailing ", "");
    private static final List<String> LOOKS_EMPTY = List.of(" ", "\u00A0", "\u200B\u200D", "\t", "\u3164", "\u2800");

    private final Random random = new Random(20_261_122);
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private GeneratedDay() {
    }

    /** The bytes of the file, as if read from disk. */
    public static byte[] file() {
        var day = new GeneratedDay();
        for (int i = 0; i < LINES; i++) {
            day.line(i);
        }
        return day.file.toByteArray();
    }

    private void line(int number) {
        int minute = FIRST_MINUTE + number / LINES_A_MINUTE;
        String nick = NICKS.get(Math.min(random.nextInt(NICKS.size()), random.nextInt(NICKS.size()))); // some talk more than others
        write("[%02d:%02d]".formatted(minute / 60 % 24, minute % 60));
        if (random.nextInt(20) == 0) {
            write("  * " + nick.strip() + " nods\n");
            return;
        }
        write(" <" + nick + "> ");
        text(number);
        write("\n");
        if (random.nextInt(25) == 0) {
            write("=== " + nick + " has left #generated [\"\"]\n");
        }
    }

    private void text(int number) {
        switch (random.nextInt(20)) {
            case 0 -> write(LOOKS_EMPTY.get(random.nextInt(LOOKS_EMPTY.size())));
            case 1 -> file.writeBytes(new byte[] {'b', 'a', 'd', ' ', (byte) 0xC3, '(', ' ', (byte) 0xFF, (byte) 0xED, (byte) 0xA0, (byte) 0x80}); // no UTF-8
            case 2 -> write("long ".repeat(1 + random.nextInt(LONG_TEXT / 5)) + "✂");
            default -> write(TEXTS.get(random.nextInt(TEXTS.size())) + (number % 7 == 0 ? "" : " #" + number));
        }
    }

    private void write(String text) {
        file.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
