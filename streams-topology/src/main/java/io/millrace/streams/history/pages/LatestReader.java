package io.millrace.streams.history.pages;

import io.millrace.streams.history.pages.ViewStore.Kept;
import io.millrace.streams.history.pages.ViewStore.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads messages with all their changes applied (HIS-3), on any thread. A page costs its messages, however often they were changed. */
final class LatestReader {
    private final ViewStore store;

    LatestReader(ViewStore store) {
        this.store = store;
    }

    /** Messages created from {@code oldest} to {@code newest}, in the order of the request. */
    Found read(String room, String epoch, long oldest, long newest, PageRequest request) {
        if (oldest > newest) {
            return new Found(List.of(), true);
        }
        var range = request.isForward() ? store.states(room, epoch, oldest, newest) : store.statesDescending(room, epoch, newest, oldest);
        try (var states = new Newest(range, request.isForward())) {
            List<Page.Item> taken = new ArrayList<>(Math.min(request.limit(), 64));
            long bytes = 0;
            while (states.hasNext() && taken.size() < request.limit()) {
                var item = item(room, epoch, states.next());
                bytes += item == null ? 0 : item.json().length;
                if (bytes > request.maxBytes() && !taken.isEmpty()) {
                    return new Found(taken, false);
                }
                if (item != null) {
                    taken.add(item);
                }
            }
            return new Found(taken, !states.hasNext());
        }
    }

    /** Null when the message was pruned meanwhile. */
    private Page.Item item(String room, String epoch, MessageState state) {
        Kept create = store.entry(room, epoch, state.createSeq());
        Kept content = state.isChanged() ? store.entry(room, epoch, state.contentSeq()) : create;
        return create == null || content == null ? null : Page.Item.latest(create, content, state);
    }

    /** {@code exhausted}: there is no further message in the direction asked for. */
    record Found(List<Page.Item> items, boolean exhausted) {
    }

    /** The highest version of each message, whatever a crash left beside it. */
    private static final class Newest implements AutoCloseable {
        private final Range<MessageState> states;
        private final boolean forward;
        private MessageState ahead;

        Newest(Range<MessageState> states, boolean forward) {
            this.states = states;
            this.forward = forward;
            advance();
        }

        boolean hasNext() {
            return ahead != null;
        }

        MessageState next() {
            if (ahead == null) {
                throw new NoSuchElementException();
            }
            var newest = ahead;
            advance();
            while (ahead != null && ahead.createSeq() == newest.createSeq()) {
                newest = forward ? ahead : newest;
                advance();
            }
            return newest;
        }

        private void advance() {
            ahead = states.hasNext() ? states.next() : null;
        }

        @Override
        public void close() {
            states.close();
        }
    }
}
