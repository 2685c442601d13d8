import { el, show } from './dom.js';
import { open } from './documents.js';

const tile = (href, title, text) => el('a', { class: 'card', href }, el('h3', {}, title), el('p', {}, text));

show(async main => {
    const { value: topics } = await open('asyncapi.json');
    const { value: http } = await open('openapi.json');
    const topicCount = Object.values(topics.channels).filter(channel => channel.bindings.kafka).length;
    const operations = Object.values(http.paths).reduce((sum, path) => sum + Object.keys(path).length, 0);
    main.append(
        el('p', { class: 'lead' }, 'Clients send on one socket and read on the other; whoever counts, alerts or keeps reads the topics; servers and scripts use HTTP. All of it is described by two documents, which the pages here show.'),
        el('div', { class: 'tiles' },
            tile('sockets.html', 'Sockets', `Two WebSockets, ${Object.keys(topics.components.messages).filter(name => /^(client|server)\./.test(name)).length} frames, with the reply to each.`),
            tile('topics.html', 'Topics', `${topicCount} Kafka topics: keys, headers, records and how long they are kept.`),
            tile('http.html', 'HTTP', `${operations} operations: messages, rooms, attachments, health.`),
            tile('schemas.html', 'Schemas', 'A JSON Schema for every frame, record, header, error and close code.')),
        el('h2', {}, 'The documents themselves'),
        el('section', { class: 'card' },
            el('p', {}, el('a', { href: 'asyncapi.json' }, 'asyncapi.json'), `: AsyncAPI ${topics.asyncapi}, sockets and topics`),
            el('p', {}, el('a', { href: 'openapi.json' }, 'openapi.json'), `: OpenAPI ${http.openapi}, everything over HTTP`),
            el('p', {}, el('a', { href: 'schemas/message.json' }, 'schemas/…json'), ': JSON Schema 2020-12, found beside them by the names they are referred to')));
});
