package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Names;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ING-9: ids of attachments")
class AttachmentIdTest {
    @Test
    void isAnIdAMessageMayName() {
        String id = AttachmentId.create("ana");
        assertThat(Names.attachmentId(id)).isEqualTo(id);
        assertThat(AttachmentId.isOne(id)).isTrue();
    }

    @Test
    void beginsAlikeForOneSenderAndDiffersOtherwise() {
        assertThat(AttachmentId.create("ana")).startsWith(AttachmentId.senderPart("ana")).isNotEqualTo(AttachmentId.create("ana"));
        assertThat(AttachmentId.senderPart("ana")).isNotEqualTo(AttachmentId.senderPart("ben"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../../../../etc/passwd", "abc", "ABCDEF012345ABCDEF012345ABCDEF012345ABCDEF01"})
    void isNothingThatCouldLeaveAStoresFolder(String text) {
        assertThat(AttachmentId.isOne(text)).isFalse();
    }
}
