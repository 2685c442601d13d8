import { part } from './dom.js';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const WORDS = { created: 'new', queued: 'waiting', syncing: 'sending', uploading: 'uploading', synced: '✓', failed: 'not sent' };

/** One message. `act` has what its user can do: `like`, `edit`, `remove`, `resend`, `drop`, `bytes`. */
export class Row {
  element = part('li', 'row');
  #act;
  #message;
  #text = part('p', 'text');
  #files = part('div', 'files');
  #foot = part('p', 'foot');
  #tools = part('p', 'tools');
  #drawnFiles = '';

  constructor(message, act) {
    this.#act = act;
    this.element.dataset.testid = 'message';
    this.element.dataset.sender = message.sender;
    this.element.classList.toggle('mine', message.mine);
    this.#text.dir = 'auto';
    const sender = part('bdi', 'sender', message.sender);
    const bubble = part('div', 'bubble');
    bubble.append(sender, this.#files, this.#text, this.#foot);
    this.element.append(bubble, this.#tools);
    this.show(message);
  }

  show(message) {
    if (message === this.#message) {
      return;
    }
    this.#message = message;
    const { element } = this;
    const { id, seq, syncState, source, deleted } = message;
    Object.assign(element.dataset, { id, state: syncState, ...(seq !== undefined && { seq }), ...(source && { source }) });
    element.classList.toggle('deleted', deleted);
    this.#text.textContent = deleted ? 'deleted' : message.text ?? (message.data ? JSON.stringify(message.data) : '');
    this.#text.hidden = this.#text.textContent === '';
    this.#showFiles(message);
    this.#showFoot(message);
    this.#showTools(message);
  }

  #showFoot({ seq, syncState, cause, edited, deleted, at, createdAt, change, reactions, mine, attachments }) {
    const time = CLOCK.format(new Date(at ?? createdAt));
    const sent = attachments[0]?.size ? ` ${Math.floor(100 * attachments[0].sent / attachments[0].size)} %` : '';
    const state = !mine ? '' : syncState === 'failed' ? `${WORDS.failed}: ${cause?.message ?? ''} (${cause?.code ?? ''})` : WORDS[syncState] + (syncState === 'uploading' ? sent : '');
    const changing = change ? `${change.syncState === 'failed' ? 'not changed' : 'changing'}${change.cause ? `: ${change.cause.message}` : ''}` : '';
    this.#foot.replaceChildren(
      ...(seq === undefined ? [] : [part('span', 'seq', `#${seq}`)]), part('time', '', time), ...(edited && !deleted ? [part('span', '', 'edited')] : []),
      ...Object.entries(reactions).map(([name, { total }]) => part('span', 'reaction', `${name} ${total}`)),
      ...[state, changing].filter(Boolean).map((words) => part('span', 'state', words)),
    );
  }

  #showTools({ syncState, mine, deleted, seq }) {
    const tools = syncState === 'failed' ? [['Send again', 'resend'], ['Delete', 'drop']]
      : deleted || seq === undefined || syncState !== 'synced' ? [] : mine ? [['Edit', 'edit'], ['Delete', 'remove']] : [['👍', 'like']];
    this.element.classList.toggle('needs', syncState === 'failed');
    this.#tools.replaceChildren(...tools.map(([label, name]) => {
      const button = part('button', 'small', label);
      button.type = 'button';
      button.dataset.testid = name;
      button.addEventListener('click', () => this.#act[name](this.#message));
      return button;
    }));
  }

  #showFiles({ attachments, syncState, type }) {
    const key = attachments.map(({ id }) => id ?? '').join() + (syncState === 'synced');
    if (key !== this.#drawnFiles) {
      this.#drawnFiles = key;
      this.#files.replaceChildren(...attachments.map((file) => this.#file(file, type, syncState)));
    }
    this.#files.querySelectorAll('progress').forEach((bar, i) => {
      bar.value = attachments[i]?.sent ?? 0;
      bar.hidden = syncState === 'synced' || syncState === 'failed';
    });
  }

  #file({ id, name, size }, type, syncState) {
    const file = part('div', 'file');
    const bar = document.createElement('progress');
    bar.max = size ?? 1;
    if (type === 'image' && id !== undefined && syncState === 'synced') {
      const image = document.createElement('img');
      image.alt = name ?? 'image';
      this.#act.bytes(id).then((bytes) => { image.src = URL.createObjectURL(bytes); }, () => {});
      image.addEventListener('load', () => URL.revokeObjectURL(image.src));
      file.append(image);
    } else {
      file.append(part('span', 'name', name ?? 'file'));
    }
    file.append(...(size === undefined ? [] : [bar]));
    return file;
  }
}
