package io.millrace.contract.rights;

/** What a right is for, and so who can do without it. */
public enum Purpose {
    /** Nothing works without it. */
    CORE("always"),
    /** Only where a pre-sync hook is configured (SYN-10). */
    HOOK("with a hook"),
    /** Only for reading sockets slower while the pipeline is late (ING-8); without it nobody is slowed down. */
    LATENESS("for the lateness");

    private final String text;

    Purpose(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
