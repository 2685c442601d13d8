import { beforeEach, describe, expect, it } from 'vitest';
import { ChatClient } from '#client';
import type { Chat } from '../../src/chat.ts';
import type { Discontinuity } from '../../src/core/continuity-state.ts';
import type { Room } from '../../src/room.ts';
import type { Store } from '../../src/shell/store.ts';
import { settle, Surroundings, token } from './fake.ts';

/** SDK-1..8 from outside: a whole client with a fake clock and a fake server. */
describe('a client', () => {
  let all: Surroundings;
  let chat: Chat;
  let room: Room;
  const texts = (of: Room = room): (string | undefined)[] => of.messages.live().messages.map(({ text }) => text);
  const states = (of: Room = room): string[] => of.messages.live().messages.map(({ syncState }) => syncState);

  beforeEach(async () => {
    all = new Surroundings();
    chat = all.client();
    room = chat.room('lobby');
    await all.clock.pass(0);
  });

  it('connects both sockets with one token as subprotocol, never in the address (SEC-1)', () => {
    expect(chat.connection).toBe('connected');
    expect(chat.user).toBe('ana');
    expect(all.server.sockets.map(({ path }) => path)).toEqual(['/v1/ingest', '/v1/delivery']);
    expect(all.server.ingest.protocols).toEqual(['millrace.v1', `bearer.${token('ana')}`]);
    expect(all.tokens).toHaveLength(1);
  });

  it('tells its connection’s states and why (SDK-8)', async () => {
    const told: string[] = [];
    chat.on('connection', ({ status, cause }) => told.push(cause === undefined ? status : `${status} ${cause.code}`));
    all.server.delivery.drop(4100);
    await all.clock.pass(1_000);
    chat.disconnect();
    chat.connect();
    await all.clock.pass(0);
    all.server.ingest.drop(4503);
    await chat.close();
    expect(told).toEqual(['disconnected closed_4100', 'connecting closed_4100', 'connected', 'offline', 'connecting', 'connected', 'failed closed_4503', 'offline', 'closed']);
  });

  it('shows what is sent at once and follows it to its seq (SDK-1)', async () => {
    await room.attach();
    const seen: string[] = [];
    room.messages.live().subscribe(({ messages }) => seen.push(messages.map(({ syncState }) => syncState).join()));
    const sending = room.messages.send({ text: 'hello' });
    expect(sending.message).toMatchObject({ text: 'hello', mine: true, sender: 'ana', room: 'lobby' });
    await expect(sending.synced).resolves.toMatchObject({ seq: 1, syncState: 'synced', text: 'hello' });
    await settle();
    expect(seen.at(-1)).toBe('synced');
    expect(states()).toEqual(['synced']);
  });

  it('queues without a connection and sends in order when it is back (SDK-2)', async () => {
    chat.disconnect();
    ['a', 'b', 'c'].forEach((text) => room.messages.send({ text }));
    expect(states()).toEqual(['queued', 'queued', 'queued']);
    expect(chat.unfinished).toBe(3);
    chat.connect();
    await all.clock.pass(0);
    expect(all.server.ingest.got.slice(0, 3).map((frame) => [frame['text'], frame['laneSeq']])).toEqual([['a', 1], ['b', 2], ['c', 3]]);
    expect(all.server.log.map(({ entry }) => entry.text)).toEqual(['a', 'b', 'c']);
    expect(chat.unfinished).toBe(0);
  });

  it('ends synced though the answer was lost, under the same id (SDK-2)', async () => {
    all.server.deaf.add('sync');
    const sending = room.messages.send({ text: 'a' });
    await all.clock.pass(100);
    all.server.deaf.clear();
    all.server.dropAll();
    await all.clock.pass(2_000);
    await expect(sending.synced).resolves.toMatchObject({ seq: 1 });
    expect(all.server.log).toHaveLength(1);
  });

  it('fails a message the server never answers, and a late word corrects it', async () => {
    all.server.deaf.add('send');
    const sending = room.messages.send({ text: 'a' });
    await all.clock.pass(20_000);
    await expect(sending.synced).rejects.toMatchObject({ code: 'no_answer', retryable: true });
    expect(all.server.ingest.got.filter(({ op }) => op === 'send')).toHaveLength(4);
    expect(states()).toEqual(['failed']);
    all.server.delivery.say({ op: 'sync', id: sending.id, room: 'lobby', state: 'synced', epoch: 'e', seq: 1 });
    expect(states()).toEqual(['synced']);
  });

  it('takes a connection that lets nothing through for lost, not the messages for failed', async () => {
    all.server.deaf.add('send').add('ping');
    const sending = room.messages.send({ text: 'a' });
    await all.clock.pass(60_000);
    expect(states()).not.toContain('failed');
    all.server.deaf.clear();
    await all.clock.pass(30_000);
    await expect(sending.synced).resolves.toMatchObject({ seq: 1 });
  });

  it('resumes after a drop: replays, none twice, none missing (DEL-2)', async () => {
    const seqs: number[] = [];
    room.messages.subscribe(({ seq }) => seqs.push(seq));
    await room.attach();
    all.server.write('ben', 'one');
    all.server.dropAll();
    all.server.subscribed = null;
    all.server.write('ben', 'two');
    await all.clock.pass(2_000);
    all.server.write('ben', 'three');
    expect(seqs).toEqual([1, 2, 3]);
    expect(room.coverage).toMatchObject({ held: [[1, 3]], replayed: [[2, 2]], head: 3 });
  });

  it('tells a discontinuity once, to handlers from before and after attach, and recovers (SDK-5)', async () => {
    const told: Discontinuity[] = [];
    const early = room.onDiscontinuity((discontinuity) => told.push(discontinuity));
    await room.attach();
    all.server.write('ben', '1');
    chat.disconnect();
    all.server.subscribed = null;
    ['2', '3', '4'].forEach((text) => all.server.write('ben', text));
    all.server.forgets = true;
    chat.connect();
    await all.clock.pass(0);
    early.off();
    all.server.write('ben', '5');
    expect(told).toMatchObject([{ reason: 'WINDOW_EXPIRED', from: 2, to: 4, lost: 3, recoverable: true }]);
    expect(texts()).toEqual(['1', '5']);
    expect(room.coverage.lost).toEqual([[2, 4]]);
    const { messages, complete } = await room.recover();
    expect(messages.map(({ text }) => text)).toEqual(['2', '3', '4']);
    expect(complete).toBe(true);
    expect(texts()).toEqual(['1', '2', '3', '4', '5']);
    expect(await room.recover()).toEqual({ messages: [], complete: true, missing: [] });
  });

  it('moves the point of historyBeforeSubscribe with a discontinuity, for each subscription', async () => {
    ['1', '2'].forEach((text) => all.server.write('ben', text));
    const subscription = room.messages.subscribe(() => {});
    expect((await subscription.historyBeforeSubscribe()).items.map(({ text }) => text)).toEqual(['2', '1']);
    all.server.write('ben', '3');
    expect((await subscription.historyBeforeSubscribe({ limit: 1 })).items.map(({ text }) => text)).toEqual(['2']);
    chat.disconnect();
    all.server.subscribed = null;
    all.server.write('ben', '4');
    all.server.forgets = true;
    chat.connect();
    await all.clock.pass(0);
    const page = await subscription.historyBeforeSubscribe({ limit: 3 });
    expect(page.items.map(({ text }) => text)).toEqual(['4', '3', '2']);
    expect(page.hasNext()).toBe(true);
    expect((await page.next()).items.map(({ text }) => text)).toEqual(['1']);
  });

  it('fills a hole the server does not speak of (SDK-6)', async () => {
    await room.attach();
    all.server.swallowed.add(2);
    ['1', '2', '3'].forEach((text) => all.server.write('ben', text));
    expect(texts()).toEqual(['1']);
    await all.clock.pass(500);
    expect(texts()).toEqual(['1', '2', '3']);
  });

  it('notices by the heads that the last entry is missing (DEL-8)', async () => {
    await room.attach();
    all.server.swallowed.add(1);
    all.server.write('ben', '1');
    all.server.delivery.say({ op: 'heads', rooms: { lobby: 1, elsewhere: 9 } });
    await all.clock.pass(500);
    expect(texts()).toEqual(['1']);
  });

  it('goes on after a page load where it was: place kept, queue resumed with the same ids (SDK-3)', async () => {
    await room.attach();
    all.server.write('ben', '1');
    chat.disconnect();
    const { id } = room.messages.send({ text: 'mine' });
    await chat.close();
    all.server.write('ben', '2');
    const again = all.client({ resumeUnfinished: true }).room('lobby');
    await again.attach();
    await all.clock.pass(0);
    expect(texts(again)).toEqual(['2', 'mine']);
    expect(again.messages.live().messages[1]?.id).toBe(id);
  });

  it('fails what a former session left, without being told to resume it; the room corrects what went through (SDK-3)', async () => {
    await room.attach();
    all.server.deaf.add('sync');
    room.messages.send({ text: 'went through' });
    await all.clock.pass(0);
    chat.disconnect();
    room.messages.send({ text: 'did not' });
    await chat.close();
    all.server.deaf.clear();
    const again = all.client().room('lobby');
    await all.clock.pass(0);
    expect(states(again)).toEqual(['failed', 'failed']);
    await again.messages.historyBeforeSubscribe();
    expect(again.messages.live().messages.map(({ text, syncState }) => `${text}: ${syncState}`)).toEqual(['went through: synced', 'did not: failed']);
    again.messages.deleteFailedMessages();
    expect(texts(again)).toEqual(['went through']);
  });

  it('does not send one user’s queue as another’s', async () => {
    chat.disconnect();
    room.messages.send({ text: 'ana’s' });
    await chat.close();
    const other = all.client({ user: 'ana', getToken: () => token('ben'), resumeUnfinished: true });
    await all.clock.pass(60_000);
    expect(other.connection).toBe('failed');
    expect(all.server.log).toEqual([]);
  });

  it('resends and soft-deletes as the screen shows it (SDK-4)', async () => {
    await room.attach();
    all.server.deaf.add('send');
    const { id } = room.messages.send({ text: 'a' });
    await all.clock.pass(20_000);
    all.server.deaf.clear();
    const again = room.messages.resend(id);
    expect(texts()).toEqual(['a']);
    await all.clock.pass(0);
    await expect(again.synced).resolves.toMatchObject({ seq: 1 });
    await room.messages.softDelete(again.id);
    expect(room.messages.live().messages).toMatchObject([{ deleted: true }]);
    expect(() => room.messages.resend(id)).toThrow('unable to resend');
    await expect(room.messages.softDelete('unknown')).resolves.toBeUndefined();
  });

  it('deletes a message on its way as soon as it is there', async () => {
    await room.attach();
    all.server.deaf.add('sync');
    const { id } = room.messages.send({ text: 'a' });
    await all.clock.pass(0);
    const deleted = room.messages.softDelete(id);
    all.server.deaf.clear();
    all.server.delivery.say({ op: 'sync', id, room: 'lobby', state: 'synced', epoch: 'e', seq: 1 });
    await all.clock.pass(0);
    await deleted;
    expect(room.messages.live().messages).toMatchObject([{ deleted: true }]);
  });

  it('sends a fresh token before the old one ends, and asks for another when one was refused (SEC-2)', async () => {
    await all.clock.pass(3_540_000);
    expect(all.server.ingest.got.filter(({ op }) => op === 'auth')).toHaveLength(1);
    expect(all.server.delivery.got.filter(({ op }) => op === 'auth')).toHaveLength(1);
    const asked = all.tokens.length;
    all.server.dropAll(4401);
    await all.clock.pass(2_000);
    expect(all.tokens).toHaveLength(asked + 1);
    expect(chat.connection).toBe('connected');
  });

  it('tries at once when the network is back', async () => {
    all.server.greets = false;
    all.server.dropAll();
    await all.clock.pass(100_000);
    all.server.greets = true;
    all.server.dropAll();
    all.network(true);
    await all.clock.pass(0);
    expect(chat.connection).toBe('connected');
  });

  it('hears of this user’s other devices', () => {
    const heard: string[] = [];
    chat.on('sync', ({ id, state }) => heard.push(`${id} ${state}`));
    all.server.delivery.say({ op: 'sync', id: 'elsewhere', room: 'lobby', state: 'failed', cause: { code: 'REFUSED', message: 'no' } });
    expect(heard).toEqual(['elsewhere failed']);
  });

  it('tells a refused room to who wants to attach, and lets it try again', async () => {
    all.server.deaf.add('subscribe');
    const attaching = room.attach();
    await settle();
    const ref = all.server.delivery.got.find(({ op }) => op === 'subscribe')?.['ref'];
    all.server.delivery.say({ op: 'error', ref, code: 'FORBIDDEN', message: 'unable to subscribe', retryable: false });
    await expect(attaching).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(room.status).toBe('failed');
  });

  it('attaches though the connection is lost before the answer, again and again', async () => {
    all.server.deaf.add('subscribe');
    const attaching = room.attach();
    for (let cut = 0; cut < 3; cut++) {
      await settle();
      all.server.delivery.drop();
      await all.clock.pass(3_000);
    }
    expect(room.status).toBe('attaching');
    all.server.deaf.clear();
    all.server.delivery.drop();
    await all.clock.pass(3_000);
    await attaching;
    expect(room.status).toBe('attached');
  });

  it('gets the last word of a message though it was said while nobody listened, whatever is lost (SDK-2, SYN-2)', async () => {
    all.server.deaf.add('sync');
    const { synced } = room.messages.send({ text: 'a' });
    await all.clock.pass(15_000);
    expect(states()).toEqual(['syncing']);
    all.server.deaf.clear();
    await all.clock.pass(10_000);
    await expect(synced).resolves.toMatchObject({ seq: 1 });
    expect(all.server.log).toHaveLength(1);
  });

  it('is a ChatClient', () => {
    expect(chat).toBeInstanceOf(ChatClient);
  });

  it('lets frames pass that newer servers send, whatever they are about', async () => {
    await room.attach();
    const trouble: unknown[] = [];
    chat.on('trouble', (cause) => trouble.push(cause));
    all.server.delivery.say(
      { op: 'presence', room: 'lobby', event: 'enter', sender: 'ben' }, { op: 'typing', room: 'lobby', members: ['ben'] }, { op: 'reaction', room: 'lobby', name: '🌊' },
      { op: 'occupancy', room: 'lobby', connections: 2 }, { op: 'read', room: 'lobby', seq: 1 }, { op: 'presence', room: 'elsewhere' }, { op: 'quite new' }, { op: 'new', ref: 7 },
    );
    all.server.ingest.say({ op: 'quite new' });
    all.server.write('ben', '1');
    expect(texts()).toEqual(['1']);
    expect(chat.connection).toBe('connected');
    expect(trouble).toEqual([]);
  });

  it('sends and tells it once where nothing can be kept', async () => {
    const trouble: string[] = [];
    const store: Store = {
      open: (_, lost) => { lost(new Error('private')); return Promise.resolve(new Map()); },
      put: () => {}, delete: () => {}, putBytes: () => {}, bytes: async () => undefined, deleteBytes: () => {}, claim: async () => true, close: async () => {},
    };
    const other = all.client({ store });
    other.on('trouble', ({ code, message }) => trouble.push(`${code}: ${message}`));
    const { synced } = other.room('lobby').messages.send({ text: 'a' });
    await all.clock.pass(100);
    await expect(synced).resolves.toMatchObject({ seq: 1 });
    expect(trouble).toEqual(['not_kept: unable to keep messages; Error: private']);
  });
});
