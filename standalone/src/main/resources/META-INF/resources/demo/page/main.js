import { Room } from './room.js';

const NAMES = ['ana', 'ben', 'chloe', 'dmitri', 'emeka', 'fatima', 'goran', 'hana', 'ines', 'jun'];

const query = new URLSearchParams(location.search);
const remembered = (key) => query.get(key)?.trim() || sessionStorage.getItem(`millrace.${key}`);
const byId = (id) => document.getElementById(id);
const anybody = (except) => NAMES.filter((name) => name !== except)[Math.floor(Math.random() * (NAMES.length - 1))];

function enter(name, room) {
  sessionStorage.setItem('millrace.name', name);
  sessionStorage.setItem('millrace.room', room);
  history.replaceState(null, '', `?${new URLSearchParams({ room })}`);
  document.title = `${room} · Millrace`;
  byId('who-name').textContent = name;
  byId('who-room').textContent = room;
  byId('second').href = `?${new URLSearchParams({ name: anybody(name), room })}`;
  ['who', 'connection', 'chat'].forEach((id) => byId(id).hidden = false);
  byId('start').hidden = true;
  byId('text').focus();
  new Room(name, room, byId).enter();
}

byId('leave').addEventListener('click', () => sessionStorage.clear());
byId('join').addEventListener('submit', (submit) => {
  submit.preventDefault();
  const name = byId('name').value.trim();
  if (name !== '') {
    enter(name, byId('room').value);
  }
});
byId('name').value = remembered('name') ?? anybody();
byId('room').value = remembered('room') ?? 'lobby';
if (remembered('name') && remembered('room') && byId('join').checkValidity()) {
  enter(byId('name').value, byId('room').value);
} else {
  byId('start').hidden = false;
  byId('name').select();
}
