import { anchor, el, prose, show } from './dom.js';
import { open, resolve } from './documents.js';
import { catalogue, examples, fieldTable } from './schema.js';

const lastStep = reference => reference.split('/').at(-1);

async function frame(socket, channel, name, file) {
    const { value: message } = await resolve(channel.messages[name], file);
    const { value: schema } = await resolve(message.payload, file);
    const fromServer = name.startsWith('server.');
    return el('section', { class: 'card' },
        el('h3', { id: anchor(`${socket}.${name}`), 'data-short': `${fromServer ? '←' : '→'} ${message.title}` }, el('span', { class: 'name' }, message.title),
            el('span', { class: fromServer ? 'tag' : 'tag in' }, fromServer ? '← server' : '→ client')),
        el('p', {}, prose(schema.description)),
        await fieldTable(message.payload, file),
        examples(message.examples));
}

function replies(doc, socket, name) {
    const operation = doc.operations[`${socket}.${name}`];
    return operation?.reply?.messages.map(message => lastStep(message.$ref)) ?? [];
}

async function section(doc, file, socket) {
    const channel = doc.channels[socket];
    const parts = [el('h2', { id: socket }, channel.title), el('p', { class: 'facts' }, el('span', {}, el('b', {}, channel.address)),
        el('span', {}, 'subprotocols ', el('code', {}, channel['x-subprotocols'].join(', '))), el('span', {}, 'or header ', el('code', {}, 'Authorization: Bearer <token>'))),
        el('p', { class: 'lead' }, prose(channel.description))];
    for (const name of Object.keys(channel.messages)) {
        const card = await frame(socket, channel, name, file);
        const answers = replies(doc, socket, name);
        if (answers.length) {
            card.querySelector('h3').after(el('p', { class: 'facts' }, el('span', {}, 'answered ', answers.map((reply, index) => [index ? ' or ' : '',
                el('a', { href: `#${anchor(`${socket}.${reply}`)}` }, reply.replace('server.', ''))]))));
        }
        parts.push(card);
    }
    return parts;
}

show(async main => {
    const { value: doc, file } = await open('asyncapi.json');
    main.append(el('p', { class: 'lead' }, prose(doc.info.description)), el('p', {}, el('a', { href: 'asyncapi.json' }, 'asyncapi.json'), ' is the document itself (AsyncAPI 3.0). A star marks what is always there.'));
    for (const socket of Object.keys(doc.channels).filter(name => doc.channels[name].bindings.ws)) {
        main.append(...await section(doc, file, socket));
    }
    const { value: codes } = await resolve(doc.channels.delivery['x-closeCodes'], file);
    main.append(el('h2', { id: 'closing' }, 'Close codes'), el('section', { class: 'card' }, el('h3', { id: 'close-codes' }, 'Why a socket was closed'), el('p', {}, prose(codes.description)), catalogue(codes)));
});
