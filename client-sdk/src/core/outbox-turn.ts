import type { Cause, Lane } from '../protocol.js';
import { queuedIn, type Env, type LaneState, type OutboxEffects, type OutboxState } from './outbox-state.js';
import type { Outgoing } from './outgoing.js';
import { Turn } from './turn.js';

/** What an event can do to the lanes and to the message it is about. */
export class OutboxTurn extends Turn<OutboxState, OutboxEffects, Env> {
  lane(lane: Lane, change: Partial<LaneState>): void {
    const { lanes } = this.state;
    this.set({ lanes: { ...lanes, [lane]: { ...lanes[lane], ...change } } });
  }

  find(id: string): Outgoing | undefined {
    return queuedIn(this.state).find((message) => message.id === id);
  }

  failed(id: string): Outgoing | undefined {
    return this.state.failed.find((message) => message.id === id);
  }

  queued(...stages: Outgoing['stage'][]): Outgoing[] {
    return queuedIn(this.state).filter(({ stage }) => stages.includes(stage));
  }

  /** Changes a queued message without telling the app: it sees nothing new. */
  put(message: Outgoing, change: Partial<Outgoing>): Outgoing {
    const changed = { ...message, ...change };
    replace(this, message, changed);
    return changed;
  }

  update(message: Outgoing, change: Partial<Outgoing>): Outgoing {
    return this.show(this.put(message, change));
  }

  show(message: Outgoing): Outgoing {
    this.to.changed(message);
    return message;
  }

  take(message: Outgoing): void {
    replace(this, message);
    this.set({ failed: this.state.failed.filter(({ id }) => id !== message.id) });
  }

  fail(message: Outgoing, cause: Cause): void {
    const failed: Outgoing = { ...message, state: 'failed', cause, dueAt: null, uploading: false };
    end(this, failed);
    if (message.laneSeq && message.session === this.state.lanes[message.lane].session && !message.promised) {
      this.lane(message.lane, { holed: true });
    }
    this.set({ failed: [...this.state.failed, failed] });
    this.to.keep(failed);
  }

  succeed(message: Outgoing, epoch: string | undefined, seq: number | undefined): void {
    const synced: Outgoing = { ...message, state: 'synced', cause: undefined, epoch, seq };
    end(this, synced);
    this.to.forget(synced, true);
  }
}

function end(turn: OutboxTurn, message: Outgoing): void {
  turn.take(message);
  turn.show(message);
  turn.to.settle(message);
}

function replace(turn: OutboxTurn, { lane, id }: Outgoing, ...by: Outgoing[]): void {
  const queue = [...turn.state.lanes[lane].queue];
  const at = queue.findIndex((message) => message.id === id);
  if (at >= 0) {
    queue.splice(at, 1, ...by);
    turn.lane(lane, { queue });
  }
}
