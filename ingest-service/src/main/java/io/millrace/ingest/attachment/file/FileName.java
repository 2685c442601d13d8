package io.millrace.ingest.attachment.file;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What becomes of a file's name: only its last part, nothing invisible; and how a download says it. Names never touch a store's paths. */
public final class FileName {
    private static final int MAX_LENGTH = 255;
    private static final int LAST_ASCII = 0x7e;
    private static final String ATTRIBUTE_CHARS = "!#$&+-.^_`|~";
    private static final Set<String> SHOWN_IN_PLACE = Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "text/plain");

    private FileName() {
    }

    /** The name without folders, control and formatting characters, at most 255 characters; null if nothing is left. */
    public static String safe(String name) {
        if (name == null) {
            return null;
        }
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder safe = new StringBuilder();
        last.codePoints().filter(FileName::isVisible).forEach(c -> {
            if (safe.length() + Character.charCount(c) <= MAX_LENGTH) {
                safe.appendCodePoint(c);
            }
        });
        String stripped = safe.toString().strip();
        return stripped.isEmpty() || stripped.equals(".") || stripped.equals("..") ? null : stripped;
    }

    /** {@code Content-Disposition}: in place for types that run nothing in a browser, as a download for all others. */
    public static String disposition(String contentType, String name) {
        String type = ContentTypes.essence(contentType);
        boolean inPlace = SHOWN_IN_PLACE.contains(type) || type.startsWith("audio/") || type.startsWith("video/");
        String how = inPlace ? "inline" : "attachment";
        return name == null ? how : how + "; filename=\"" + ascii(name) + "\"; filename*=UTF-8''" + encoded(name);
    }

    private static boolean isVisible(int c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c) && type != Character.FORMAT && type != Character.SURROGATE && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static String ascii(String name) {
        StringBuilder ascii = new StringBuilder();
        name.codePoints().forEach(c -> ascii.append(c < ' ' || c > LAST_ASCII || c == '"' || c == '\\' || c == '%' ? '_' : (char) c));
        return ascii.toString();
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ATTRIBUTE_CHARS.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
