package io.millrace.standalone.replay.check;

/** Text from strangers, made fit for a terminal: quoted, control characters spelled out, cut when long. */
public final class Shown {
    private static final int LONGEST = 120;

    private Shown() {
    }

    public static String text(String text) {
        if (text == null) {
            return "(none)";
        }
        String cut = text.codePointCount(0, text.length()) <= LONGEST ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
        return "\"" + harmless(cut) + "\"" + (cut.length() == text.length() ? "" : " (" + text.length() + " characters)");
    }

    /** The whole text without what would move the cursor, change colours or turn the writing direction. */
    public static String harmless(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append("\\u%04X".formatted(c));
            }
        });
        return shown.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.FORMAT -> c == 0x200D; // what joins the parts of an emoji
            default -> true;
        };
    }
}
