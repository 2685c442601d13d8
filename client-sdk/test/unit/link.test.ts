import { describe, expect, it } from 'vitest';
import * as core from '../../src/core/link.ts';
import { IDLE, type LinkEvent, type LinkState } from '../../src/core/link.ts';
import { recorded } from './recorded.ts';

/** SDK-7, SDK-8, ERR-2: every transition of the connection, with a clock that stands where the test puts it. */
class Driven {
  state: LinkState = IDLE;
  now = 1_000;
  chance = 0.5;

  on(...events: LinkEvent[]): string[] {
    return events.flatMap((event) => {
      const [state, effects] = core.step(this.state, event, this.now, { chance: this.chance });
      this.state = state;
      return recorded(effects).map((effect) => effect.do);
    });
  }

  open(): this {
    this.on(core.connect, core.tokened('t'), core.greeted(25_000));
    return this;
  }

  after(ms: number, ...events: LinkEvent[]): string[] {
    this.now += ms;
    return this.on(...events);
  }
}

const TIME = core.time;
const closed = (code: number): LinkEvent => core.closed(code, '');

describe('the connection', () => {
  it('asks for a token, opens with it and stands after hello', () => {
    const link = new Driven();
    expect(link.on(core.connect)).toEqual(['fetchToken']);
    expect(link.state.status).toBe('token');
    expect(link.on(core.tokened('t'))).toEqual(['open']);
    expect(link.state.status).toBe('opening');
    link.on(core.greeted(25_000));
    expect(link.state).toMatchObject({ status: 'open', wakeAt: 26_000, cause: undefined });
  });

  it('connects once, however often it is asked to', () => {
    const link = new Driven().open();
    expect(link.on(core.connect)).toEqual([]);
    expect(link.state.status).toBe('open');
  });

  it.each([1006, 1011, 4100, 4101, 4401, 4499])('comes back after close code %i', (code) => {
    const link = new Driven().open();
    expect(link.on(closed(code))).toEqual(expect.arrayContaining(['drop', 'lost']));
    expect(link.state.status).toBe('waiting');
    expect(link.after(60_000, TIME)).toEqual(['fetchToken']);
  });

  it.each([4500, 4501, 4503, 4999])('stays away after close code %i until the app connects again', (code) => {
    const link = new Driven().open();
    link.on(closed(code));
    expect(link.state).toMatchObject({ status: 'stopped', wakeAt: null, cause: { code: `closed_${code}` } });
    expect(link.after(3_600_000, TIME, core.network(true))).toEqual([]);
    expect(link.on(core.connect)).toEqual(['fetchToken']);
  });

  it('throws a token away that was refused or has expired, and one that no server answered', () => {
    expect(new Driven().open().on(closed(4401))).toContain('discardToken');
    expect(new Driven().open().on(closed(1006))).not.toContain('discardToken');
    const refused = new Driven();
    refused.on(core.connect, core.tokened('t'));
    expect(refused.on(closed(1006))).toContain('discardToken');
  });

  it('waits a random part of a span that doubles up to its limit', () => {
    const link = new Driven();
    link.on(core.connect);
    const spans = Array.from({ length: 8 }, () => {
      link.on(core.tokened('t'), closed(1006));
      const wait = (link.state.wakeAt ?? 0) - link.now;
      link.after(wait, TIME);
      return wait;
    });
    expect(spans).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
    link.chance = 0;
    link.on(core.tokened('t'), closed(1006));
    expect(link.state.wakeAt).toBe(link.now);
  });

  it('begins to count anew only when the connection stood for a while', () => {
    const link = new Driven().open();
    link.after(4_999, closed(1006));
    link.after(60_000, TIME, core.tokened('t'), core.greeted(25_000));
    link.after(4_999, closed(1006));
    expect(link.state.attempt).toBe(2);
    link.after(60_000, TIME, core.tokened('t'), core.greeted(25_000));
    link.after(5_000, closed(1006));
    expect(link.state.attempt).toBe(1);
  });

  it('comes back when goodbye said, and then by chance again', () => {
    const link = new Driven().open();
    link.on(core.goodbye(7_777), closed(4100));
    expect(link.state.wakeAt).toBe(link.now + 7_777);
    link.after(7_777, TIME, core.tokened('t'), closed(1006));
    expect(link.state.wakeAt).toBe(link.now + 500);
  });

  it('tries at once when the network comes back', () => {
    const link = new Driven().open();
    link.on(closed(1006));
    expect(link.on(core.network(true))).toEqual(['fetchToken']);
    expect(new Driven().open().on(core.network(true))).toEqual(['ping']);
  });

  it('gives up a socket that opens but says nothing', () => {
    const link = new Driven();
    link.on(core.connect, core.tokened('t'));
    expect(link.after(20_000, TIME)).toEqual(['drop', 'lost', 'discardToken']);
    expect(link.state.status).toBe('waiting');
  });

  it('asks a quiet server after one ping interval and gives it up after the second', () => {
    const link = new Driven().open();
    link.after(20_000, core.heard);
    expect(link.after(24_999, TIME)).toEqual([]);
    expect(link.after(1, TIME)).toEqual(['ping']);
    expect(link.after(25_000, TIME)).toEqual(['drop', 'lost']);
  });

  it('goes on when the asked server says anything', () => {
    const link = new Driven().open();
    link.after(25_000, TIME);
    link.after(1_000, core.heard);
    expect(link.state).toMatchObject({ status: 'open', probing: false, wakeAt: link.now + 25_000 });
  });

  it('finds a dead connection within seconds when an answer is late', () => {
    const link = new Driven().open();
    expect(link.on(core.probe)).toEqual(['ping']);
    expect(link.on(core.probe)).toEqual([]);
    expect(link.after(3_000, TIME)).toEqual(['drop', 'lost']);
    expect(new Driven().on(core.probe)).toEqual([]);
  });

  it('is cut by the app in any state, and forgets what was under way', () => {
    const link = new Driven().open();
    expect(link.on(core.disconnect)).toEqual(['drop', 'lost']);
    expect(link.state).toEqual(IDLE);
    expect(link.after(60_000, TIME, core.tokened('late'), core.greeted(1), core.heard, closed(1006))).toEqual([]);
    expect(link.state).toEqual(IDLE);
  });

  it('tries again without a token, unless asking again is of no use', () => {
    const cause = { code: 'no_token', message: 'unable to get a token', retryable: true };
    const link = new Driven();
    link.on(core.connect, core.tokenFailed(cause));
    expect(link.state).toMatchObject({ status: 'waiting', cause });
    const final = core.tokenFailed({ ...cause, retryable: false });
    link.after(60_000, TIME, final);
    expect(link.state).toMatchObject({ status: 'stopped', wakeAt: null });
    expect(link.on(final)).toEqual([]);
  });
});
