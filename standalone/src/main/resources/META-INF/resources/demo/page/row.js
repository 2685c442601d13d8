const STATE_WORDS = { queued: 'waiting', sending: 'sending', accepted: 'accepted', syncing: 'syncing', uploading: 'uploading', synced: 'synced', failed: 'failed' };
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** An element with a class and a text; whatever a message says goes in as text, never as markup. */
export function part(tag, className, text = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** One line of the list: a log entry, a message of ours on its way to become one, or both in turn. */
export class Row {
  element = part('li', 'row');
  #seq = part('span', 'seq');
  #sender = part('bdi', 'sender');
  #time = part('time', 'time');
  #text = part('p', 'text');
  #state = part('span', 'state');
  #again = part('button', 'again', 'Send again');
  #message;

  constructor(sender, mine, sendAgain) {
    const head = part('div', 'head');
    this.#sender.textContent = sender;
    this.#text.dir = 'auto';
    this.#again.type = 'button';
    this.#again.hidden = true;
    this.#again.onclick = () => sendAgain(this.#message);
    head.append(this.#sender, this.#time, this.#state, this.#again);
    this.element.append(this.#seq, head, this.#text);
    this.element.classList.toggle('mine', mine);
    this.element.dataset.testid = 'message';
  }

  /** It stands in the log now. */
  show({ seq, entry }, source) {
    this.element.dataset.seq = this.#seq.textContent = seq;
    this.element.dataset.source = source;
    this.element.dataset.id = entry.id;
    this.#stamp(entry.at);
    this.#text.textContent = content(entry);
    this.element.classList.toggle('change', entry.action !== 'message.create');
    if (source === 'replay') {
      this.#seq.title = 'replayed on return';
    }
  }

  /** How far it has come. */
  follow(message) {
    const { id, text, createdAt, state, cause, laneSeq } = this.#message = message;
    const failed = state === 'failed';
    this.element.dataset.state = state;
    this.element.dataset.id = id;
    this.#state.textContent = failed ? `failed: ${cause?.message ?? 'no reason given'}${cause?.code ? ` (${cause.code})` : ''}` : STATE_WORDS[state] ?? state;
    this.#state.title = laneSeq === null ? '' : `laneSeq ${laneSeq}`;
    this.#again.hidden = !failed;
    if (this.element.dataset.seq === undefined) {
      this.#text.textContent = text;
      this.#stamp(createdAt);
    }
  }

  #stamp(instant) {
    this.#time.dateTime = instant ?? '';
    this.#time.textContent = instant ? CLOCK.format(new Date(instant)) : '';
  }
}

function content({ action, type, text, data, attachments, target }) {
  const body = text ?? (data ? JSON.stringify(data) : (attachments ?? []).map(({ name, id }) => name ?? id).join(', '));
  switch (action) {
    case 'message.update': return `edited ${target}: ${body}`;
    case 'message.delete': return `deleted ${target}`;
    case 'reaction.add': return `reacted to ${target} with ${data?.name}`;
    case 'reaction.remove': return `took ${data?.name} back from ${target}`;
    default: return type === 'text' ? body : `${type}: ${body}`;
  }
}
