package io.millrace.contract.message;

/** JSON escapes can spell half a surrogate pair, which UTF-8 cannot carry. */
final class Surrogates {
    private Surrogates() {
    }

    static boolean paired(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c) && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
                return false;
            }
        }
        return true;
    }
}
