package io.millrace.standalone.client;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.frame.ServerFrame.Hello;
import java.util.function.Consumer;

/**
 * One socket that is opened, greeted, lost and thrown away; a new one is made for every attempt, so that what a former socket still
 * says reaches nobody. Used on the event loop only.
 */
final class Link {
    private final Consumer<ServerFrame> frames;
    private final Runnable greeted;
    private final Consumer<Unreachable> lost;
    private ClientSocket socket;
    private boolean hello;
    private boolean over;

    private Link(Consumer<ServerFrame> frames, Runnable greeted, Consumer<Unreachable> lost) {
        this.frames = frames;
        this.greeted = greeted;
        this.lost = lost;
    }

    /** {@code greeted} is called once when the socket is open and has said hello, {@code lost} once when it is gone or could not be opened. */
    static Link open(MillraceClient client, String path, String sender, Consumer<ServerFrame> frames, Runnable greeted, Consumer<Unreachable> lost) {
        var link = new Link(frames, greeted, lost);
        client.open(path, sender, link::frame, link::closed).onSuccess(link::opened).onFailure(failure -> link.closed((Unreachable) failure));
        return link;
    }

    void send(byte[] frame) {
        socket.send(frame);
    }

    boolean isUp() {
        return !over && hello && socket != null;
    }

    boolean isFull() {
        return socket.isFull();
    }

    void onDrain(Runnable then) {
        socket.onDrain(then);
    }

    /** Ends it without calling anybody. */
    void drop() {
        over = true;
        if (socket != null) {
            socket.close();
        }
    }

    private void opened(ClientSocket opened) {
        socket = opened;
        if (over) {
            opened.close();
        } else if (hello) {
            greeted.run();
        }
    }

    private void frame(ServerFrame frame) {
        if (over) {
            return;
        }
        if (frame instanceof Hello) {
            hello = true;
            if (socket != null) {
                greeted.run();
            }
        } else {
            frames.accept(frame);
        }
    }

    private void closed(Unreachable reason) {
        if (!over) {
            drop();
            lost.accept(reason);
        }
    }
}
