package io.millrace.streams;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Whatever clients, uploads, hooks, clocks and crashes may do to the write path. Few names and numbers, so that they meet. */
final class Histories {
    private static final int MOST_STEPS = 60;

    private Histories() {
    }

    static Arbitrary<List<Step>> withoutCrashes() {
        return Arbitraries.<Step>frequencyOf(List.of(Tuple.of(12, sends()), Tuple.of(3, uploads()), Tuple.of(2, passes()))).list().ofMinSize(1).ofMaxSize(MOST_STEPS);
    }

    static Arbitrary<List<Step>> withCrashes() {
        Arbitrary<Step> events = Arbitraries.of(Step.Event.values()).map(event -> event);
        return Arbitraries.<Step>frequencyOf(List.of(Tuple.of(12, sends()), Tuple.of(3, uploads()), Tuple.of(2, passes()), Tuple.of(5, events)))
                .list().ofMinSize(1).ofMaxSize(MOST_STEPS);
    }

    /** Half of the time there is no hook; else most messages meet neither trouble nor a refusal. */
    static Arbitrary<HookScript> hooks() {
        var lines = Combinators.combine(Arbitraries.of(0, 0, 0, 0, 1, 2), Arbitraries.of(false, false, false, true)).as(HookScript.Line::new);
        return Arbitraries.oneOf(Arbitraries.just(HookScript.NO_HOOK), lines.list().ofSize(8).map(script -> new HookScript(true, script)));
    }

    private static Arbitrary<Step> passes() {
        return Arbitraries.frequency(Tuple.of(4, Step.A_MOMENT), Tuple.of(1, Step.LONG)).map(Step.Pass::new);
    }

    private static Arbitrary<Step> uploads() {
        return Combinators.combine(Arbitraries.of("ana", "ben"), Arbitraries.of("a1", "a2", "a3"), Arbitraries.of(true, true, true, false)).as(Step.Upload::new);
    }

    /** Repeats, gaps, latecomers, other ids for the same place, changes of what may not be there. */
    private static Arbitrary<Step> sends() {
        var senders = Arbitraries.of("ana", "ben");
        var sessions = Arbitraries.of("s1", "s1", "s1", "s2");
        var rooms = Arbitraries.of("lobby", "den");
        var laneSeqs = Arbitraries.oneOf(Arbitraries.integers().between(1, 9), Arbitraries.integers().between(0, 4));
        var ids = Arbitraries.integers().between(-12, 4);
        return Combinators.combine(senders, sessions, contents(), rooms, laneSeqs, ids).as(Histories::send);
    }

    /** What is sent, without sender and place. */
    private static Arbitrary<Written> contents() {
        var any = Written.by("anybody");
        var attachments = Arbitraries.of("a1", "a2", "a3").set().ofMaxSize(2);
        var images = attachments.map(ids -> any.with(ids.stream().sorted().toArray(String[]::new)));
        var changes = Combinators.combine(Arbitraries.of(Action.UPDATE, Action.DELETE, Action.REACTION_ADD), Arbitraries.longs().between(1, 5), Arbitraries.of(false, false, true))
                .as((action, target, moderates) -> moderates ? any.changing(action, target).asModerator() : any.changing(action, target));
        return Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.just(any)), Tuple.of(3, images), Tuple.of(2, changes));
    }

    /** Most ids follow from the place in the lane, as an honest client's do; laneSeq 0 stands for none. */
    private static Step send(String sender, String session, Written content, String room, int laneSeq, int other) {
        var lane = content.type() == MessageType.IMAGE ? "media" : "text";
        var id = sender + "-" + (other > 0 ? "other" + other : session + lane + laneSeq);
        var message = content.from(sender).session(session).in(room).id(id);
        return new Step.Send(laneSeq == 0 ? message.byArrival() : message.laneSeq(laneSeq));
    }
}
