package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** SYN-1..6 in the plainest words: what every lane must come to, without crashes, clocks, stores or streams. */
final class PlainLanes {
    private final LaneSettings settings;
    private final HookScript hook;
    private final Map<String, Boolean> uploads = new HashMap<>();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final List<Turn> turns = new ArrayList<>();

    /** A message whose turn has come, in the attempt that decided it; {@code failure} is null unless it must fail. */
    record Turn(AcceptedMessage accepted, ErrorCode failure, int attempt) {
        String lane() {
            return PlainLanes.lane(accepted);
        }
    }

    PlainLanes(LaneSettings settings, HookScript hook) {
        this.settings = settings;
        this.hook = hook;
    }

    static String lane(AcceptedMessage accepted) {
        return accepted.lane() + (accepted.message().laneSeq() == null ? " by arrival" : "");
    }

    /** Everything that has had its turn, in order. */
    List<Turn> turns() {
        return turns;
    }

    void send(AcceptedMessage accepted) {
        lanes.computeIfAbsent(lane(accepted), name -> new Lane()).send(accepted);
    }

    void upload(AttachmentOutcome outcome) {
        uploads.put(outcome.sender() + " " + outcome.id(), outcome.failure() == null);
        lanes.values().forEach(lane -> lane.uploaded(outcome));
    }

    /** So long that nothing is waited for any more: neither holes nor uploads nor the hook. */
    void passLongTime() {
        lanes.values().forEach(Lane::giveUpWaiting);
    }

    private enum Waits {
        NO, FOR_UPLOADS, FOR_THE_HOOK
    }

    private final class Lane {
        private long next = 1;
        private final TreeMap<Long, AcceptedMessage> held = new TreeMap<>();
        private final Set<Long> usedUp = new HashSet<>();
        private final Set<String> missing = new HashSet<>();
        private Waits waits = Waits.NO;
        private int troubles;

        void send(AcceptedMessage accepted) {
            boolean counted = accepted.message().laneSeq() != null;
            if (!counted && held.isEmpty()) {
                next = 1;
                usedUp.clear();
            }
            long place = counted ? accepted.message().laneSeq() : next + held.size();
            var holder = held.get(place);
            if (holder != null) {
                if (!holder.message().id().equals(accepted.message().id()) || !holder.message().room().equals(accepted.message().room())) {
                    turns.add(new Turn(accepted, ErrorCode.OVERTAKEN, 0));
                }
            } else if (place < next || usedUp.contains(place)) {
                turns.add(new Turn(accepted, ErrorCode.OVERTAKEN, 0));
            } else if (held.size() >= settings.limit() && (place > next || waits != Waits.NO)) {
                turns.add(new Turn(accepted, ErrorCode.LANE_FULL, 0));
                if (counted) {
                    usedUp.add(place);
                }
            } else {
                held.put(place, accepted);
                goOn();
            }
        }

        void uploaded(AttachmentOutcome outcome) {
            if (waits == Waits.FOR_UPLOADS && missing.contains(outcome.sender() + " " + outcome.id())) {
                waits = Waits.NO;
                goOn();
            }
        }

        void giveUpWaiting() {
            while (!held.isEmpty()) {
                if (waits == Waits.FOR_UPLOADS) {
                    end(ErrorCode.UPLOAD_TIMEOUT, 0);
                } else if (waits == Waits.FOR_THE_HOOK) {
                    waits = Waits.NO;
                } else {
                    next = held.firstKey();
                }
                goOn();
            }
        }

        private void goOn() {
            while (waits == Waits.NO && (held.containsKey(next) || usedUp.contains(next))) {
                if (held.containsKey(next)) {
                    attempt(held.get(next));
                } else {
                    next++;
                }
            }
        }

        private void attempt(AcceptedMessage head) {
            List<String> needed = new ArrayList<>();
            if (head.message().attachments() != null) {
                head.message().attachments().forEach(attachment -> needed.add(head.sender() + " " + attachment.id()));
            }
            missing.clear();
            needed.stream().filter(attachment -> !uploads.containsKey(attachment)).forEach(missing::add);
            var line = hook.about(head.message().id());
            if (needed.stream().anyMatch(attachment -> Boolean.FALSE.equals(uploads.get(attachment)))) {
                end(ErrorCode.ATTACHMENT_FAILED, troubles + 1);
            } else if (!missing.isEmpty()) {
                waits = Waits.FOR_UPLOADS;
            } else if (!hook.on() || troubles >= line.troubles()) {
                end(hook.on() && line.refuses() ? ErrorCode.REFUSED : null, troubles + 1);
            } else {
                troubles++;
                if (troubles == settings.attempts().most()) {
                    end(ErrorCode.HOOK_UNAVAILABLE, troubles);
                } else {
                    waits = Waits.FOR_THE_HOOK;
                }
            }
        }

        private void end(ErrorCode failure, int attempt) {
            turns.add(new Turn(held.remove(next++), failure, attempt));
            waits = Waits.NO;
            troubles = 0;
            if (failure != null && settings.onFinalFailure() == OnFinalFailure.FAIL_REST) {
                held.values().forEach(message -> turns.add(new Turn(message, ErrorCode.LANE_FAILED, 0)));
                usedUp.addAll(held.keySet());
                held.clear();
            }
        }
    }
}
