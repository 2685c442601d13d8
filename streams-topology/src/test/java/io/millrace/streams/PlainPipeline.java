package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AcceptedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** SYN-1..3 in the plainest words: what the write path must come to, without crashes, stores or streams. */
final class PlainPipeline {
    private final int limit;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, List<String>> rooms = new HashMap<>();
    private final Map<String, String> outcomes = new HashMap<>();

    PlainPipeline(int limit) {
        this.limit = limit;
    }

    void send(AcceptedMessage accepted) {
        var message = accepted.message();
        if (message.laneSeq() == null) {
            settle(accepted, null);
        } else {
            lanes.computeIfAbsent(accepted.lane().toString(), lane -> new Lane()).send(accepted, message.laneSeq());
        }
    }

    /** So long that no hole is waited for any more. */
    void passLongTime() {
        lanes.values().forEach(Lane::passHoles);
    }

    /** The ids of each room, in order. */
    Map<String, List<String>> rooms() {
        return rooms;
    }

    /** {@code synced} or the code of the failure, by message. */
    Map<String, String> outcomes() {
        return outcomes;
    }

    static String name(String sender, String room, String id) {
        return sender + "/" + room + "/" + id;
    }

    private void settle(AcceptedMessage accepted, ErrorCode failure) {
        var message = accepted.message();
        var name = name(accepted.sender(), message.room(), message.id());
        if (outcomes.putIfAbsent(name, failure == null ? "synced" : failure.name()) == null && failure == null) {
            rooms.computeIfAbsent(message.room(), room -> new ArrayList<>()).add(name);
        }
    }

    private final class Lane {
        private long next = 1;
        private final TreeMap<Long, AcceptedMessage> held = new TreeMap<>();
        private final Set<Long> usedUp = new HashSet<>();

        void send(AcceptedMessage accepted, long laneSeq) {
            var holder = held.get(laneSeq);
            if (holder != null) {
                if (!holder.message().id().equals(accepted.message().id()) || !holder.message().room().equals(accepted.message().room())) {
                    settle(accepted, ErrorCode.OVERTAKEN);
                }
            } else if (laneSeq < next || usedUp.contains(laneSeq)) {
                settle(accepted, ErrorCode.OVERTAKEN);
            } else if (laneSeq > next && held.size() >= limit) {
                usedUp.add(laneSeq);
                settle(accepted, ErrorCode.LANE_FULL);
            } else {
                held.put(laneSeq, accepted);
                goOn();
            }
        }

        void passHoles() {
            while (!held.isEmpty()) {
                next = held.firstKey();
                goOn();
            }
        }

        private void goOn() {
            while (held.containsKey(next) || usedUp.contains(next)) {
                if (held.containsKey(next)) {
                    settle(held.remove(next), null);
                }
                next++;
            }
        }
    }
}
