import { Chat } from '../client/chat.js';
import { MessageList } from './list.js';
import { shown } from './ranges.js';
import { Ruler } from './ruler.js';
import { part } from './row.js';

const REASONS = {
  WINDOW_EXPIRED: 'away for longer than the recovery window', BACKLOG_LIMIT: 'more was missed than is replayed',
  RETENTION_EXPIRED: 'older than the log is kept', STREAM_RECREATED: 'the room’s log was made anew', LOG_TRUNCATED: 'the end of the log was lost',
  REPARTITIONED: 'the log moved to other partitions', SLOW_CONSUMER: 'this client was too slow', CURSOR_UNKNOWN: 'the position is unknown to the server',
  SERVER: 'the server lost its place', UNANNOUNCED: 'found by this page, the server said nothing',
};
const TOKEN_MS = 10_000;

async function devToken(sub) {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sub }), signal: AbortSignal.timeout(TOKEN_MS) };
  const response = await fetch('/dev/token', request).catch(() => {
    throw new Error('the server was not reached');
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw Object.assign(new Error(answer.message ?? `unable to get a token; the server answered ${response.status}`), { final: answer.retryable === false });
  }
  return answer.token;
}

/** The page of one room: draws what the chat says and passes on what the user does. */
export class Room {
  #at;
  #chat;
  #list;
  #ruler;
  #oldest = Infinity; // everything below is not loaded; 1 when all is
  #trouble = '';

  constructor(name, room, at) {
    this.#at = at;
    this.#ruler = new Ruler(at('ruler'));
    this.#list = new MessageList({ list: at('log'), scroll: at('scroll'), newer: at('newer'), me: name, sendAgain: (failed) => this.#sendAgain(failed) });
    this.#chat = new Chat({
      room, fetchToken: () => devToken(name), on: {
        link: () => this.#status(),
        message: (message) => this.#own(message),
        trouble: (error) => this.#troubled(`${error.message} (${error.code})`),
        entry: (item, source) => this.#entry(item, source),
        attached: (seq) => this.#older(seq + 1),
        resumed: (range) => this.#resumed(range),
        gap: (gap) => this.#gap(gap),
        recreated: () => this.#clear(),
        truncated: (seq) => this.#keep(1, seq),
        moved: () => this.#facts(),
      },
    });
  }

  enter() {
    const at = this.#at;
    at('cut').onclick = () => {
      this.#chat.cut();
      at('reconnect').focus();
    };
    at('reconnect').onclick = () => {
      this.#chat.connect();
      at('cut').focus();
    };
    at('older').onclick = () => this.#older(this.#oldest);
    at('composer').onsubmit = (submit) => {
      submit.preventDefault();
      this.#write();
    };
    at('text').onkeydown = (key) => {
      if (key.key === 'Enter' && !key.shiftKey && !key.isComposing) {
        key.preventDefault();
        this.#write();
      }
    };
    addEventListener('beforeunload', (unload) => this.#chat.waiting > 0 && unload.preventDefault());
    this.#chat.connect();
  }

  #write() {
    const text = this.#at('text').value;
    if (text.trim() !== '') {
      this.#at('text').value = '';
      this.#chat.write(text);
    }
  }

  /** A new message with a new id, at the end of its lane. */
  #sendAgain(failed) {
    this.#list.drop(failed);
    this.#chat.write(failed.text);
  }

  #own(message) {
    this.#list.own(message);
    this.#facts();
  }

  #entry(item, source) {
    this.#list.entry(item, source);
    this.#ruler.held.add(item.seq);
    if (source === 'replay') {
      this.#ruler.replayed.add(item.seq);
    }
    const surplus = this.#list.surplus;
    if (surplus !== undefined) {
      this.#keep(surplus, Infinity);
      this.#reach(surplus);
    }
    this.#ruler.changed();
  }

  #resumed({ from, to, replayed }) {
    this.#troubled('');
    const words = replayed === 0 ? 'resumed, nothing missed' : `resumed, ${replayed} replayed: seq ${shown([from, to])}`;
    this.#list.mark(from - 1, 'resumed', 'good', words);
  }

  #gap({ from, to, reason, recoverable, oldestSeq }) {
    const range = from > to ? 'nothing' : `seq ${shown([from, to])}, ${to - from + 1} in all`;
    const mark = this.#list.mark(from - 1, 'discontinuity', 'bad', `not delivered: ${range}, ${REASONS[reason] ?? reason} (${reason})`);
    mark.dataset.range = `${from}-${to}`;
    mark.dataset.reason = reason;
    if (from > to) {
      return;
    }
    this.#ruler.reported.add(from, to);
    const first = recoverable ? from : Math.max(from, oldestSeq);
    if (first > to) {
      mark.append(part('span', '', 'It is no longer in history.'));
      return;
    }
    const load = part('button', '', `Load ${shown([first, to])} from history`);
    load.dataset.testid = 'load-missing';
    load.onclick = () => this.#load(mark, load, first, to);
    mark.append(load);
  }

  async #load(mark, button, from, to) {
    button.disabled = true;
    this.#troubled('');
    try {
      const first = await this.#chat.range(from, to);
      button.replaceWith(part('span', '', `Loaded ${shown([first, to])} from history.`));
      mark.classList.replace('bad', 'good');
    } catch (e) {
      button.disabled = false;
      this.#troubled(`unable to load ${shown([from, to])}; ${e.message}`);
    }
  }

  async #older(before) {
    this.#reach(before);
    if (before <= 1) {
      return;
    }
    this.#at('older').disabled = true;
    this.#troubled('');
    try {
      await this.#list.holding(async () => {
        const { items, complete, trimmedBefore } = await this.#chat.older(before);
        this.#reach(complete ? 1 : items.at(-1)?.seq ?? before, trimmedBefore);
      });
    } catch (e) {
      this.#troubled(`unable to load history; ${e.message}`);
    } finally {
      this.#at('older').disabled = false;
    }
  }

  #reach(oldest, trimmedBefore) {
    this.#oldest = oldest;
    this.#at('older').hidden = oldest <= 1;
    this.#at('beginning').hidden = oldest > 1;
    this.#at('beginning').textContent = trimmedBefore > 1 ? `seq ${shown([1, trimmedBefore - 1])} is older than the log is kept` : 'the beginning of the room';
  }

  #keep(from, to) {
    this.#list.keep(from, to);
    this.#ruler.keep(from, to);
  }

  #clear() {
    this.#list.keep(Infinity, Infinity);
    this.#ruler.clear();
    this.#reach(1);
  }

  #facts() {
    const { head, epoch, behind } = this.#chat.feed;
    this.#ruler.head = head;
    this.#ruler.changed();
    this.#at('head').textContent = behind > 0 ? `${head}, ${behind} behind` : `${head}`;
    this.#at('epoch').textContent = epoch ?? 'none yet';
    this.#at('waiting').textContent = this.#chat.waiting;
    this.#status();
  }

  #status() {
    const links = [this.#chat.delivery, this.#chat.ingest];
    const worst = ['stopped', 'cut', 'waiting', 'connecting', 'open'].map((state) => links.find((link) => link.state === state)).find(Boolean);
    const state = worst.state === 'open' && !this.#chat.feed.attached ? 'connecting' : worst.state;
    const words = { stopped: 'stopped', cut: 'cut', waiting: 'reconnecting', connecting: 'connecting', open: 'connected' };
    this.#at('connection').textContent = words[state];
    this.#at('connection').dataset.state = state;
    const down = state === 'cut' || state === 'stopped';
    this.#at('cut').hidden = down;
    this.#at('reconnect').hidden = !down;
    this.#notice(state, worst.why);
  }

  #troubled(words) {
    this.#trouble = words;
    this.#status();
  }

  #notice(state, why) {
    const waiting = 'What you write waits here and goes out in order on return.';
    const words = { stopped: `${why}. ${waiting}`, cut: `The connection is cut. ${waiting}`, waiting: `${why}; trying again. ${waiting}` }[state] ?? this.#trouble;
    this.#at('notice').textContent = words.charAt(0).toUpperCase() + words.slice(1);
    this.#at('notice').dataset.state = state;
    this.#at('notice').hidden = words === '';
  }
}
