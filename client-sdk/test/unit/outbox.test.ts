import { describe, expect, it } from 'vitest';
import * as core from '../../src/core/outbox.ts';
import { emptyOutbox, type OutboxState } from '../../src/core/outbox-state.ts';
import type { Outgoing, Upload } from '../../src/core/outgoing.ts';
import { wakeAt } from '../../src/core/pump.ts';
import { laneOf, type MessageType } from '../../src/protocol.ts';
import { recorded, type Did } from './recorded.ts';

/** SDK-1..4, SDK-2's times and counts, MSG-1: the lane queues, with a clock that stands where the test puts it. */
class Driven {
  state: OutboxState = emptyOutbox('S');
  now = 0;
  wall = 1_767_225_600_000;
  effects: Did[] = [];
  #sessions = 0;
  #order = 0;

  on(...events: core.OutboxEvent[]): Did[] {
    this.effects = events.flatMap((event) => {
      const [state, effects] = core.step(this.state, event, this.now, { wall: this.wall + this.now, newId: () => `S${++this.#sessions}` });
      this.state = state;
      return recorded(effects);
    });
    return this.effects;
  }

  open(): this {
    this.on(core.restored([], false), core.opened());
    return this;
  }

  after(ms: number, ...events: core.OutboxEvent[]): Did[] {
    this.now += ms;
    return this.on(...events);
  }

  write(id: string, type: MessageType = 'text', uploads: Upload[] = []): Did[] {
    return this.on(core.enqueue({ id, room: 'r', lane: laneOf(type), content: { action: 'message.create', type, text: id }, uploads, createdAt: '2026-01-01T00:00:00Z', order: ++this.#order }));
  }

  get sent(): string[] {
    return this.effects.flatMap((effect) => effect.do === 'transmit' ? `${effect.with[0].id}=${effect.with[0].session}/${effect.with[0].laneSeq}` : []);
  }

  get settled(): string[] {
    return this.effects.flatMap((effect) => effect.do === 'settle' ? `${effect.with[0].id} ${effect.with[0].cause?.code ?? effect.with[0].state}` : []);
  }

  find(id: string): Outgoing | undefined {
    return [...this.state.lanes.text.queue, ...this.state.lanes.media.queue, ...this.state.failed].find((message) => message.id === id);
  }

  get wakeAt(): number | null {
    return wakeAt(this.state, this.now);
  }
}

const TIME = core.time;
const { accepted } = core;
const sync = (id: string, state: 'syncing' | 'synced' | 'failed', more: object = {}): core.OutboxEvent => core.synced({ op: 'sync', id, room: 'r', state, ...more });
const refused = (id: string, code: string, retryable: boolean, retryAfterMs?: number): core.OutboxEvent =>
  core.refused({ op: 'error', ref: id, id, code, message: 'unable', retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) });
const file = (sent = 0): Upload => ({ key: 'k', contentType: 'image/png', size: 10, sent });
const names = (effects: Did[]): string[] => effects.map((effect) => effect.do);

describe('a message', () => {
  it('is shown as created and queued, kept, and waits for a connection', () => {
    const outbox = new Driven();
    outbox.on(core.restored([], false));
    const states = outbox.write('a').flatMap((effect) => effect.do === 'changed' ? effect.with[0].state : []);
    expect(states).toEqual(['created', 'queued']);
    expect(names(outbox.effects)).toContain('keep');
    expect(outbox.sent).toEqual([]);
    expect(outbox.wakeAt).toBeNull();
  });

  it('waits until it is known what a former session left', () => {
    const outbox = new Driven();
    outbox.on(core.opened());
    outbox.write('a');
    expect(outbox.sent).toEqual([]);
    outbox.on(core.restored([], false));
    expect(outbox.sent).toEqual(['a=S/1']);
  });

  it('goes from syncing to synced, is forgotten then, and settles once', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    expect(outbox.find('a')?.state).toBe('syncing');
    outbox.on(accepted('a'));
    outbox.on(sync('a', 'synced', { epoch: 'e', seq: 7 }), sync('a', 'synced', { epoch: 'e', seq: 7 }));
    expect(outbox.settled).toEqual(['a synced']);
    expect(names(outbox.effects)).toContain('forget');
    expect(outbox.find('a')).toBeUndefined();
  });

  it('shows what the server tells of its attempts', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(sync('a', 'syncing', { attempt: 2, maxAttempts: 4, nextAttemptAt: '2026-01-01T00:00:05Z', cause: { code: 'HOOK_UNAVAILABLE', message: 'm' } }));
    expect(outbox.find('a')).toMatchObject({ state: 'syncing', attempt: 2, maxAttempts: 4, cause: { code: 'HOOK_UNAVAILABLE' }, stage: 'accepted' });
    expect(outbox.wakeAt).toBe(20_000);
  });

  it('fails with the server’s cause and stays until it is deleted', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(sync('a', 'failed', { cause: { code: 'REFUSED', message: 'no' } }));
    expect(outbox.settled).toEqual(['a REFUSED']);
    expect(outbox.find('a')?.state).toBe('failed');
    expect(names(outbox.on(core.deleted('a')))).toEqual(['forget', 'removed', 'settle']);
    expect(outbox.find('a')).toBeUndefined();
  });

  it('is refused before it is sent when it is too large, and uses up no number', () => {
    const outbox = new Driven().open();
    outbox.on(core.opened(200));
    outbox.write('a'.repeat(60));
    expect(outbox.settled).toEqual([`${'a'.repeat(60)} TOO_LARGE`]);
    outbox.write('b');
    expect(outbox.sent).toEqual(['b=S/1']);
  });
});

describe('a lane', () => {
  it('numbers from 1 per lane and keeps text and media apart (MSG-1)', () => {
    const outbox = new Driven().open();
    const sent = ['a', 'b'].flatMap((id) => { outbox.write(id); return outbox.sent; });
    outbox.write('i', 'image');
    expect([...sent, ...outbox.sent]).toEqual(['a=S/1', 'b=S/2', 'i=S/1']);
  });

  it('has a window of unanswered messages and goes on as answers come', () => {
    const outbox = new Driven();
    outbox.on(core.restored([], false));
    Array.from({ length: 70 }, (_, i) => outbox.write(`m${i + 1}`));
    outbox.on(core.opened());
    expect(outbox.sent).toHaveLength(64);
    outbox.on(accepted('m1'), accepted('m2'));
    expect(outbox.sent).toEqual(['m65=S/65', 'm66=S/66']);
  });

  it('never has more without a last word than a server holds behind a hole (SYN-3)', () => {
    const outbox = new Driven().open();
    Array.from({ length: 210 }, (_, i) => { outbox.write(`m${i + 1}`); outbox.on(accepted(`m${i + 1}`)); });
    expect(outbox.state.lanes.text.next).toBe(201);
    outbox.on(sync('m1', 'synced'));
    expect(outbox.sent).toEqual(['m201=S/201']);
  });

  it('sends what a lost connection left unanswered again, in order, with the same ids and numbers', () => {
    const outbox = new Driven().open();
    ['a', 'b', 'c'].forEach((id) => outbox.write(id));
    outbox.on(accepted('b'));
    outbox.on(core.closed(1006));
    expect(outbox.find('a')?.state).toBe('queued');
    outbox.write('d');
    expect(outbox.sent).toEqual([]);
    outbox.on(core.opened());
    expect(outbox.sent).toEqual(['a=S/1', 'c=S/3', 'd=S/4']);
  });

  it('asks again for what was out when it began to hear sync events, though the answer comes later', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(core.listening);
    expect(outbox.sent).toEqual(['a=S/1']);
    expect(outbox.find('a')).toMatchObject({ stage: 'sent', dueAt: 5_000 });
  });

  it('asks again, first by first, for what was accepted and got no last word for 20 s; the server never answering does not fail it', () => {
    const outbox = new Driven().open();
    ['a', 'b', 'c'].forEach((id) => { outbox.write(id); outbox.on(accepted(id)); });
    outbox.write('i', 'image');
    outbox.on(accepted('i'));
    outbox.after(19_999, TIME);
    expect(outbox.sent).toEqual([]);
    expect(outbox.wakeAt).toBe(20_000);
    outbox.after(1, TIME);
    expect(outbox.sent).toEqual(['a=S/1', 'i=S/1']);
    outbox.on(sync('a', 'synced'), sync('i', 'synced'));
    expect(outbox.wakeAt).toBeLessThanOrEqual(outbox.now);
    outbox.after(1, TIME);
    expect(outbox.sent).toEqual(['b=S/2']);
    Array.from({ length: 4 }, () => outbox.after(5_000, TIME));
    expect(outbox.find('b')).toMatchObject({ stage: 'accepted', state: 'syncing', dueAt: outbox.now + 20_000 });
    outbox.after(20_000, TIME);
    expect(outbox.sent).toEqual(['b=S/2']);
    outbox.on(sync('b', 'synced'), sync('c', 'synced'));
    expect(outbox.wakeAt).toBeNull();
  });

  it('goes on past a message over which the server closes the connection (1009): it alone fails', () => {
    const outbox = new Driven().open();
    ['a', 'much too large', 'c'].forEach((id) => outbox.write(id));
    outbox.write('i', 'image');
    outbox.on(core.closed(1006), core.opened());
    expect(outbox.settled).toEqual([]);
    outbox.on(core.closed(1009));
    expect(outbox.settled).toEqual(['much too large TOO_LARGE']);
    outbox.on(core.opened());
    expect(outbox.sent).toEqual(['a=S/1', 'c=S/3', 'i=S/1']);
    outbox.on(accepted('a'), accepted('c'));
    expect(outbox.sent).toEqual(['a=S/2']);
  });

  it('fails nothing that was accepted when the server closes over its size', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(accepted('a'), core.listening);
    Array.from({ length: 3 }, () => outbox.on(core.closed(1009), core.opened()));
    expect(outbox.find('a')?.state).toBe('syncing');
  });

  it('asks again for what was accepted when it hears sync events again, and never fails it', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(accepted('a'));
    outbox.on(core.listening);
    expect(outbox.sent).toEqual(['a=S/1']);
    outbox.on(accepted('a'));
    outbox.on(core.listening);
    Array.from({ length: 6 }, () => outbox.after(5_000, TIME));
    expect(outbox.find('a')).toMatchObject({ stage: 'accepted', state: 'syncing' });
    outbox.on(core.listening, refused('a', 'FORBIDDEN', false));
    expect(outbox.find('a')?.state).toBe('syncing');
  });
});

describe('trouble', () => {
  it('sends an unanswered message again about 5 s apart, 3 times, then it fails; the lane goes on in a new session', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    expect(outbox.wakeAt).toBe(5_000);
    for (let retry = 1; retry <= 3; retry++) {
      outbox.after(4_999, TIME);
      expect(outbox.sent).toEqual([]);
      outbox.after(1, TIME);
      expect(outbox.sent).toEqual(['a=S/1']);
      expect(names(outbox.effects)).toContain('probe');
    }
    outbox.after(5_000, TIME);
    expect(outbox.settled).toEqual(['a no_answer']);
    outbox.write('b');
    expect(outbox.sent).toEqual(['b=S1/1']);
  });

  it('counts anew after a lost connection: only a server that is there can fail a message', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    for (let cut = 0; cut < 10; cut++) {
      outbox.after(5_000, TIME);
      outbox.on(core.closed(1006), core.opened());
    }
    expect(outbox.find('a')?.state).toBe('syncing');
  });

  it('corrects a failure when a late answer says synced (SDK-2)', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    Array.from({ length: 4 }, () => outbox.after(5_000, TIME));
    expect(outbox.find('a')?.state).toBe('failed');
    const effects = outbox.on(sync('a', 'synced', { seq: 3, epoch: 'e' }));
    expect(effects).toContainEqual({ do: 'changed', with: [expect.objectContaining({ state: 'synced', seq: 3 })] });
    expect(outbox.find('a')).toBeUndefined();
  });

  it('corrects a failure when the message stands in the room after all', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    Array.from({ length: 4 }, () => outbox.after(5_000, TIME));
    outbox.on(core.logged('a', 'other', 'e', 3));
    expect(outbox.find('a')?.state).toBe('failed');
    outbox.on(core.logged('a', 'r', 'e', 3));
    expect(outbox.find('a')).toBeUndefined();
  });

  it('pauses when it is too fast, and the pause is no attempt', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    for (let i = 0; i < 10; i++) {
      outbox.on(refused('a', 'RATE_LIMITED', true, 400));
      expect(outbox.wakeAt).toBe(outbox.now + 400);
      outbox.after(399, TIME);
      expect(outbox.sent).toEqual([]);
      outbox.after(1, TIME);
      expect(outbox.sent).toEqual(['a=S/1']);
    }
  });

  it('retries what the server could not take, nothing overtakes it meanwhile, and then it fails', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(refused('a', 'UNAVAILABLE', true, 6_000));
    outbox.write('b');
    expect(outbox.sent).toEqual([]);
    outbox.after(6_000, TIME);
    expect(outbox.sent).toEqual(['a=S/1', 'b=S/2']);
    for (let i = 0; i < 2; i++) {
      outbox.on(refused('a', 'UNAVAILABLE', true));
      outbox.after(5_000, TIME);
    }
    outbox.on(refused('a', 'UNAVAILABLE', true));
    expect(outbox.settled).toEqual(['a UNAVAILABLE']);
  });

  it('fails at once what is refused for good, and lets nothing wait behind its number', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(refused('a', 'INVALID', false));
    expect(outbox.settled).toEqual(['a INVALID']);
    outbox.write('b');
    expect(outbox.sent).toEqual(['b=S1/1']);
  });

  it('fills the number of a refused one with a repeat of the next that is accepted, and lets nothing new wait behind it (SYN-2, SYN-3)', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.write('b');
    outbox.write('i', 'image');
    outbox.on(refused('a', 'INVALID', false), accepted('i'));
    expect(outbox.sent).toEqual([]);
    outbox.on(accepted('b'));
    expect(outbox.sent).toEqual(['b=S/1']); // a repeat uses up the number
    outbox.on(accepted('b'));
    outbox.write('c');
    expect(outbox.sent).toEqual([]);
    outbox.on(sync('b', 'synced'));
    expect(outbox.sent).toEqual(['c=S1/1']);
  });

  it('ignores what it does not know', () => {
    const outbox = new Driven().open();
    expect(outbox.on(accepted('x'), refused('x', 'INVALID', false), sync('x', 'failed'), core.deleted('x'), TIME, core.progressed('x', 0, { sent: 1 }))).toEqual([]);
  });
});

describe('failed messages', () => {
  const failing = (): Driven => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(refused('a', 'INVALID', false));
    return outbox;
  };

  it('are sent again as new ones at the end of their lane (SDK-4)', () => {
    const outbox = failing();
    outbox.write('b');
    outbox.on(core.resent('a', { id: 'a2', createdAt: '2026-01-01T00:00:01Z', order: 9 }));
    expect(outbox.sent).toEqual(['a2=S1/2']);
    expect(outbox.find('a')).toBeUndefined();
    expect(outbox.find('a2')).toMatchObject({ replaces: 'a', content: { text: 'a' }, attempts: 0 });
  });

  it('can be resent once', () => {
    const outbox = failing();
    const again: core.OutboxEvent = core.resent('a', { id: 'a2', createdAt: '', order: 9 });
    outbox.on(again, core.resent('a', { id: 'a3', createdAt: '', order: 10 }));
    expect(outbox.sent).toEqual(['a2=S1/1']);
  });

  it('are not what is deleted when a message is on its way', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    expect(outbox.on(core.deleted('a'))).toEqual([]);
    expect(outbox.find('a')).toBeDefined();
  });

  it('need not be there for a message to be deleted that never went out', () => {
    const outbox = new Driven();
    outbox.on(core.restored([], false));
    outbox.write('a');
    outbox.on(core.deleted('a'));
    expect(outbox.settled).toEqual(['a deleted']);
    outbox.on(core.opened());
    expect(outbox.sent).toEqual([]);
  });
});

describe('what a former session left', () => {
  const left = (): Outgoing[] => {
    const outbox = new Driven().open();
    ['a', 'b'].forEach((id) => outbox.write(id));
    outbox.on(core.closed(1006));
    outbox.write('c');
    return [...outbox.state.lanes.text.queue];
  };

  it('has failed, unless it is to be resumed (SDK-3)', () => {
    const outbox = new Driven();
    outbox.on(core.restored(left(), false));
    expect(outbox.settled).toEqual(['a interrupted', 'b interrupted', 'c interrupted']);
    expect(outbox.state.failed).toHaveLength(3);
  });

  it('goes on with its own session and numbers, before anything new, when it is resumed', () => {
    const outbox = new Driven();
    outbox.state = emptyOutbox('T');
    outbox.on(core.opened(), core.restored(left().reverse(), true));
    expect(outbox.sent).toEqual(['a=S/1', 'b=S/2']);
    outbox.on(accepted('a'), accepted('b'), sync('a', 'synced'));
    expect(outbox.sent).toEqual([]);
    outbox.on(sync('b', 'synced'));
    expect(outbox.sent).toEqual(['c=T/1']);
  });

  it('is not sent again when the server may have forgotten its id, but fails: doubling would be worse (SYN-2)', () => {
    const outbox = new Driven().open();
    outbox.write('sent');
    outbox.on(core.closed(1006));
    outbox.write('never sent');
    const later = new Driven();
    later.state = emptyOutbox('T');
    later.wall += 24 * 3_600_000;
    later.on(core.restored([...outbox.state.lanes.text.queue], true), core.opened());
    expect(later.settled).toEqual(['sent outcome_unknown']);
    expect(later.sent).toEqual(['never sent=T/1']);
  });

  it('stays failed where it had failed', () => {
    const outbox = new Driven().open();
    outbox.write('a');
    outbox.on(refused('a', 'INVALID', false));
    const later = new Driven();
    later.on(core.restored(outbox.state.failed, true), core.opened());
    expect(later.sent).toEqual([]);
    expect(later.state.failed).toHaveLength(1);
  });
});

describe('files', () => {
  it('are uploaded before their message goes out, and hold back their lane only (SYN-5)', () => {
    const outbox = new Driven().open();
    const effects = outbox.write('i', 'image', [file()]);
    expect(names(effects)).toContain('upload');
    expect(outbox.find('i')?.state).toBe('uploading');
    outbox.write('j', 'image');
    expect(outbox.sent).toEqual([]);
    outbox.write('t');
    expect(outbox.sent).toEqual(['t=S/1']);
    outbox.on(core.progressed('i', 0, { sent: 5 }));
    expect(outbox.find('i')?.uploads[0]?.sent).toBe(5);
    outbox.on(core.progressed('i', 0, { id: 'A', sent: 10 }));
    expect(outbox.sent).toEqual(['i=S/1', 'j=S/2']);
    expect(outbox.effects).toContainEqual({ do: 'transmit', with: [expect.objectContaining({ id: 'i', attachments: [{ id: 'A' }] })] });
  });

  it('are uploaded two messages at a time', () => {
    const outbox = new Driven().open();
    const started = ['i', 'j', 'k'].map((id) => names(outbox.write(id, 'image', [file()])).includes('upload'));
    expect(started).toEqual([true, true, false]);
    expect(names(outbox.on(core.progressed('i', 0, { id: 'A', sent: 10 })))).toContain('upload');
  });

  it('are tried again while the server is reached, and fail their message then', () => {
    const outbox = new Driven().open();
    outbox.write('i', 'image', [file()]);
    for (let retry = 1; retry <= 3; retry++) {
      outbox.on(core.uploadTroubled('i', { code: 'http_503', message: 'm', retryable: true }, true));
      expect(outbox.wakeAt).toBe(outbox.now + 5_000);
      expect(names(outbox.after(5_000, TIME))).toContain('upload');
    }
    outbox.on(core.uploadTroubled('i', { code: 'http_503', message: 'm', retryable: true }, true));
    expect(outbox.settled).toEqual(['i http_503']);
  });

  it('wait for the connection when it is gone, which is no attempt', () => {
    const outbox = new Driven().open();
    outbox.write('i', 'image', [file()]);
    outbox.on(core.closed(1006), core.uploadTroubled('i', { code: 'upload', message: 'm', retryable: true }, false));
    expect(outbox.find('i')).toMatchObject({ state: 'queued', attempts: 0 });
    expect(names(outbox.on(core.opened()))).toContain('upload');
  });

  it('that are refused fail their message at once', () => {
    const outbox = new Driven().open();
    outbox.write('i', 'image', [file()]);
    outbox.on(core.uploadTroubled('i', { code: 'TOO_LARGE', message: 'm', retryable: false }, true));
    expect(outbox.settled).toEqual(['i TOO_LARGE']);
  });

  it('go up anew with a resend, for they may have been the trouble', () => {
    const outbox = new Driven().open();
    outbox.write('i', 'image', [file()]);
    outbox.on(core.progressed('i', 0, { id: 'A', sent: 10 }), sync('i', 'failed', { cause: { code: 'ATTACHMENT_FAILED', message: 'm' } }));
    expect(names(outbox.on(core.resent('i', { id: 'i2', createdAt: '', order: 9 })))).toContain('upload');
    expect(outbox.find('i2')?.uploads).toMatchObject([{ key: 'k', sent: 0 }]);
  });
});
