import { Pane } from './pane.js';

const query = new URLSearchParams(location.search);
const room = query.get('room')?.trim() || 'lobby';
const people = [query.get('left') || 'ana', query.get('right') || 'ben'];

document.title = `${room} · Millrace`;
document.getElementById('room').value = room;
document.getElementById('room-form').addEventListener('submit', (submit) => {
  submit.preventDefault();
  location.search = new URLSearchParams({ room: document.getElementById('room').value, left: people[0], right: people[1] });
});

const panes = people.map((name, side) => new Pane(name, room, side));
document.getElementById('panes').replaceChildren(...panes.map(({ element }) => element));

/** A phone shows one side at a time. */
const choose = (side) => {
  document.getElementById('panes').dataset.side = side;
  [...document.getElementById('switch').children].forEach((button, i) => button.setAttribute('aria-pressed', String(i === side)));
};
document.getElementById('switch').replaceChildren(...people.map((name, side) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = name;
  button.addEventListener('click', () => choose(side));
  return button;
}));
choose(0);
