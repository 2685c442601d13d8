import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChatClient } from '#client';
import type { Chat } from '../../src/chat.ts';
import type { Room } from '../../src/room.ts';
import { MemoryStore } from '../../src/shell/store.ts';
import { FakeSocket, Surroundings, token } from './fake.ts';

/** SDK-7, ING-7: what a whole client does with its connections. */
describe('the connections of a client', () => {
  let all: Surroundings;
  let chat: Chat;
  let room: Room;
  const connections = (): number => all.server.sockets.filter(({ path }) => path === '/v1/delivery').length;

  beforeEach(async () => {
    all = new Surroundings();
    chat = all.client();
    room = chat.room('lobby');
    await all.clock.pass(0);
  });

  afterEach(() => vi.unstubAllGlobals());

  it('are given up when they live and leave a question unanswered, with twice the patience each time (SDK-7)', async () => {
    all.server.deaf.add('subscribe');
    const attaching = room.attach();
    await all.clock.pass(19_999);
    expect(connections()).toBe(1);
    await all.clock.pass(1_000);
    expect([connections(), room.status, chat.connection]).toEqual([2, 'attaching', 'connected']);
    await all.clock.pass(39_000);
    expect(connections()).toBe(2);
    all.server.deaf.clear();
    await all.clock.pass(2_000);
    await attaching;
    expect([connections(), room.status]).toEqual([3, 'attached']);
  });

  it('wait no longer than ever once everything is answered, and what was asked fails', async () => {
    all.server.deaf.add('subscribe');
    const attaching = room.attach();
    await all.clock.pass(21_000);
    all.server.deaf.clear();
    all.server.dropAll();
    await all.clock.pass(1_000);
    await attaching;
    all.server.deaf.add('history');
    const page = room.messages.history({ before: 7 });
    page.catch(() => {});
    await all.clock.pass(20_000);
    await expect(page).rejects.toMatchObject({ code: 'not_connected', retryable: true });
    await all.clock.pass(1_000);
    expect(room.status).toBe('attached');
  });

  it('are kept while every question is answered, however many there are', async () => {
    await room.attach();
    for (let asked = 0; asked < 5; asked++) {
      await room.messages.history({ before: 7 });
      await all.clock.pass(15_000);
    }
    expect(connections()).toBe(1);
  });

  it('take messages joined up to 16 KiB, a larger one alone (ING-7)', async () => {
    const sent: string[] = [];
    const send = FakeSocket.prototype.send;
    vi.spyOn(FakeSocket.prototype, 'send').mockImplementation(function (this: FakeSocket, text) {
      sent.push(text);
      send.call(this, text);
    });
    ['x'.repeat(20_000), 'a', 'y'.repeat(20_000), 'b', 'c'].forEach((text) => room.messages.send({ text }));
    await all.clock.pass(0);
    expect(sent.map((text) => text.split('\n').length)).toEqual([1, 1, 1, 2]);
    expect(all.server.log.map(({ entry }) => entry.text?.length)).toEqual([20_000, 1, 20_000, 1, 1]);
  });

  it('come back at once in a browser when the network returns or the page comes into view', async () => {
    const page = new EventTarget();
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    const { platform: { onNetwork: _, ...platform } } = all.options();
    const other = new ChatClient({ url: 'http://chat.test', getToken: () => token('ben'), platform: { ...platform, newStore: () => new MemoryStore() } });
    for (const type of ['online', 'visibilitychange']) {
      await all.clock.pass(0);
      all.server.dropAll();
      expect(other.connection).toBe('disconnected');
      page.dispatchEvent(new Event('offline'));
      expect(other.connection).toBe('disconnected');
      page.dispatchEvent(new Event(type));
      expect(other.connection).toBe('connecting');
    }
    await other.close();
    page.dispatchEvent(new Event('online'));
    expect(other.connection).toBe('closed');
  });
});
