package io.millrace.delivery.room;

import io.millrace.contract.history.HeadAnswer;
import java.util.concurrent.CompletionStage;

/** What rooms ask the history view. Answers come on any thread; a stage fails when the view cannot answer in time. */
public interface History {
    /** The room's head once the view has seen everything of its partition below {@code covering}. */
    CompletionStage<HeadAnswer> head(String room, long covering);

    /** Entries after {@code after}, oldest first, once the view holds seq {@code reaching}. May return fewer than {@code limit}. */
    CompletionStage<LogPage> after(String room, long after, int limit, long reaching);
}
