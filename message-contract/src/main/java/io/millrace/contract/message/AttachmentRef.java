package io.millrace.contract.message;

/** An uploaded file as a message names it (MSG-3). */
public record AttachmentRef(String id, String name) {
    private static final int MAX_NAME = 255;

    public AttachmentRef {
        Names.attachmentId(id);
        if (name != null && name.length() > MAX_NAME) {
            throw new InvalidMessage("attachment name must be at most " + MAX_NAME + " characters");
        }
    }
}
