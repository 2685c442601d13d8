import { ChatClient } from '../millrace-client.js';
import { part, shown } from './dom.js';
import { List } from './list.js';
import { Ruler } from './ruler.js';
import { devToken, Wire } from './wire.js';

const STATUS = { initialized: 'starting', connecting: 'connecting', connected: 'connected', disconnected: 'reconnecting', offline: 'in flight', failed: 'stopped', closed: 'closed' };
const REASONS = {
  WINDOW_EXPIRED: 'away for longer than the server replays', BACKLOG_LIMIT: 'more was missed than is replayed', RETENTION_EXPIRED: 'older than the log is kept',
  STREAM_RECREATED: 'the log was made anew', LOG_TRUNCATED: 'the end of the log was lost', REPARTITIONED: 'the log moved to other partitions',
  SLOW_CONSUMER: 'this client was too slow', CURSOR_UNKNOWN: 'the server does not know this place', SERVER: 'the server lost its place', HOLE: 'found by counting',
};
const CLOSED = {
  closed_1009: 'a frame was too big', closed_4100: 'the server is going away', closed_4101: 'this client was too slow', closed_4401: 'the token expired',
  closed_4500: 'the server did not understand this client', closed_4501: 'the token was refused', closed_4503: 'this is forbidden',
};
const PAGE = 50;

/** One person's side: a client of their own, and what it says drawn. */
export class Pane {
  element = document.getElementById('pane').content.firstElementChild.cloneNode(true);
  #chat;
  #room;
  #wire = new Wire();
  #list;
  #ruler;
  #trouble = '';
  #kept = '';

  constructor(name, room, side) {
    this.element.dataset.testid = side === 0 ? 'left' : 'right';
    this.#at('name').textContent = name;
    this.#at('face').textContent = [...name][0] ?? '?';
    this.#at('face').dataset.side = side;
    this.#at('text').placeholder = `Write as ${name}`;
    this.#chat = new ChatClient({ url: location.origin, user: name, getToken: () => devToken(name), resumeUnfinished: true, maxMessages: 1_000, platform: this.#wire.platform });
    this.#room = this.#chat.room(room);
    this.#ruler = new Ruler(this.#at('ruler'), this.#room);
    this.#list = new List(this.#at('log'), this.#at('scroll'), this.#acts);
    this.#listen();
    this.#handle();
    this.#enter();
  }

  get #acts() {
    const { messages } = this.#room;
    const told = (sending) => sending.synced.catch(() => {}); // the row shows it
    return {
      resend: ({ id }) => told(messages.resend(id)),
      drop: ({ id }) => messages.deleteFailedMessage(id),
      remove: (message) => told(messages.delete(message)),
      like: (message) => told(messages.react(message, '👍')),
      edit: (message) => this.#edit(message),
      bytes: (id) => this.#chat.attachment(id),
    };
  }

  #at(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  async #enter() {
    await this.#room.attach();
    await this.#older(() => this.#room.messages.historyBeforeSubscribe({ limit: PAGE }));
  }

  #listen() {
    this.#room.messages.live().subscribe(({ messages, changes }) => {
      this.#list.show(messages);
      if (changes.some(({ type, message }) => type === 'added' && message.mine && message.seq === undefined)) {
        this.#list.toEnd();
      }
      this.#facts();
    });
    this.#room.on('moved', () => this.#facts());
    this.#room.on('resumed', (range) => range.replayed > 0 && this.#mark(range.from - 1, 'resumed', 'good', `Back again: seq ${shown([range.from, range.to])} replayed, nothing missed`));
    this.#room.onDiscontinuity((gap) => this.#gap(gap));
    this.#room.on('status', ({ cause }) => this.#notice(cause));
    this.#chat.on('connection', ({ cause }) => this.#notice(cause));
    this.#chat.on('trouble', (cause) => {
      this.#kept ||= cause.code === 'not_kept' ? `${cause.message}. What waits here is gone when this page is closed.` : '';
      this.#notice(cause);
    });
    this.#notice();
  }

  #handle() {
    this.#at('airplane').addEventListener('change', ({ target }) => target.checked ? this.#chat.disconnect() : this.#chat.connect());
    this.#at('slow').addEventListener('change', ({ target }) => { this.#wire.slow = target.checked; });
    this.#at('refuse').addEventListener('change', ({ target }) => { this.#wire.loseTexts = target.checked; });
    this.#at('lose').addEventListener('click', () => this.#losePlace());
    this.#at('older').addEventListener('click', () => this.#older(() => this.#room.messages.history({ before: this.#room.coverage.held[0]?.[0] ?? 1, limit: PAGE })));
    this.#at('attach').addEventListener('click', () => this.#at('file').click());
    this.#at('file').addEventListener('change', ({ target }) => {
      [...target.files].forEach((file) => this.#send({ attachments: [{ data: file }] }));
      target.value = '';
    });
    this.#at('composer').addEventListener('submit', (submit) => {
      submit.preventDefault();
      this.#write();
    });
    this.#at('text').addEventListener('keydown', (key) => {
      if (key.key === 'Enter' && !key.shiftKey && !key.isComposing) {
        key.preventDefault();
        this.#write();
      }
    });
  }

  #write() {
    const text = this.#at('text').value.trim();
    if (text !== '') {
      this.#send({ text });
      this.#at('text').value = '';
    }
  }

  #send(message) {
    this.#room.messages.send(message).synced.catch(() => {}); // the row shows it
  }

  #edit(message) {
    const text = prompt('Change the message', message.text ?? '');
    if (text !== null && text.trim() !== '') {
      this.#room.messages.update(message, { text: text.trim() }).synced.catch(() => {});
    }
  }

  #losePlace() {
    this.#wire.loseCursor = true;
    this.element.querySelector('.faults').open = false;
    if (!this.#at('airplane').checked) {
      this.#chat.disconnect();
      this.#chat.connect();
    }
  }

  async #older(ask) {
    this.#at('older').disabled = true;
    await ask().catch((error) => this.#notice(error));
    this.#at('older').disabled = false;
    this.#facts();
  }

  #gap(gap) {
    const range = shown([gap.from, gap.to]);
    const element = this.#mark(gap.to, 'discontinuity', 'bad', `Missed seq ${range}: ${REASONS[gap.reason] ?? gap.reason}`);
    Object.assign(element.dataset, { range: `${gap.from}-${gap.to}`, reason: gap.reason });
    const button = part('button', 'small', 'Recover');
    button.type = 'button';
    button.dataset.testid = 'recover';
    button.addEventListener('click', () => this.#recover(element, button, range));
    element.append(button);
  }

  async #recover(element, button, range) {
    button.disabled = true;
    try {
      const { complete, missing } = await this.#room.recover();
      element.className = `mark ${complete ? 'good' : 'bad'}`;
      element.replaceChildren(complete ? `Seq ${range} was missed and is recovered: no holes` : `Recovered but for ${missing.map(shown).join(', ')}`);
    } catch (error) {
      button.disabled = false;
      this.#notice(error);
    }
    this.#facts();
  }

  #mark(seq, testid, kind, text) {
    const element = part('li', `mark ${kind}`, text);
    element.dataset.testid = testid;
    this.#list.mark(seq + 0.5, element);
    return element;
  }

  #facts() {
    this.#ruler.draw();
    const { unfinished } = this.#chat;
    this.#at('waiting').hidden = unfinished === 0;
    this.#at('waiting').textContent = `${unfinished} waiting`;
    const first = this.#room.coverage.held[0]?.[0];
    this.#at('older').hidden = first === undefined || first <= 1;
    this.#at('beginning').hidden = first !== 1;
  }

  #notice(cause) {
    const status = this.#chat.connection;
    this.#at('connection').textContent = STATUS[status];
    this.#at('connection').dataset.state = status;
    this.#at('airplane').checked = status === 'offline';
    const words = [CLOSED[cause?.code], cause?.message].filter(Boolean).join('; ');
    const standing = status === 'connected' || status === 'offline' || status === 'connecting';
    this.#trouble = standing ? (this.#room.status === 'failed' ? words : '') : words || this.#trouble;
    this.#at('notice').textContent = [this.#trouble, this.#kept].filter(Boolean).join(' · ');
    this.#at('notice').hidden = this.#at('notice').textContent === '';
    this.#facts();
  }
}
