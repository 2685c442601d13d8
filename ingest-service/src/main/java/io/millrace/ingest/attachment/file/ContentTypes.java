package io.millrace.ingest.attachment.file;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which content types may be uploaded: an allow-list of {@code type/subtype}, {@code type/*} and {@code *&#47;*}. Parameters do not matter to it. */
public record ContentTypes(List<String> allowed) {
    private static final int MAX_LENGTH = 127;
    private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]+";
    private static final Pattern SHAPE = Pattern.compile(TOKEN + "/" + TOKEN + "(;[ -~]*)?");
    private static final Pattern PATTERN_SHAPE = Pattern.compile("\\*/\\*|" + TOKEN + "/(\\*|" + TOKEN + ")");

    public ContentTypes {
        allowed = allowed.stream().map(pattern -> pattern.strip().toLowerCase(Locale.ROOT)).toList();
        allowed.stream().filter(pattern -> !PATTERN_SHAPE.matcher(pattern).matches()).findFirst().ifPresent(wrong -> {
            throw new IllegalArgumentException("unable to allow content types; '" + wrong + "' is neither type/subtype nor type/*");
        });
    }

    public static boolean isOne(String contentType) {
        return contentType != null && contentType.length() <= MAX_LENGTH && SHAPE.matcher(contentType).matches();
    }

    public boolean allow(String contentType) {
        String type = essence(contentType);
        String anySubtype = type.substring(0, type.indexOf('/') + 1) + "*";
        return allowed.contains(type) || allowed.contains(anySubtype) || allowed.contains("*/*");
    }

    /** Whether two spellings mean the same type with the same parameters. */
    public static boolean same(String one, String other) {
        return one != null && other != null && plain(one).equals(plain(other));
    }

    /** The type without its parameters, in lower case. */
    public static String essence(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    private static String plain(String contentType) {
        return contentType.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
    }
}
