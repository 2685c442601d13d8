package io.millrace.contract.message;

/** How reactions of one name count (MSG-4): once per member in all, once per member and name, or as often as sent. */
public enum ReactionKind {
    UNIQUE, DISTINCT, MULTIPLE;

    static boolean isKnown(String name) {
        return "unique".equals(name) || "distinct".equals(name) || "multiple".equals(name);
    }
}
