package io.millrace.ingest.attachment.file;

/** What a store knows under an id: an announced upload whose bytes are not all there, or a complete attachment. */
public sealed interface Kept permits Upload, Attachment {
    Upload upload();
}
