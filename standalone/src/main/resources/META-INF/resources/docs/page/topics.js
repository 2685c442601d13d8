import { anchor, el, prose, show, table } from './dom.js';
import { open, resolve } from './documents.js';
import { examples, fieldTable } from './schema.js';

const KIB = 1024;
const MIB = KIB * KIB;

const size = bytes => bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`;

async function topic(channel, file) {
    const [name, reference] = Object.entries(channel.messages)[0];
    const { value: message } = await resolve(reference, file);
    const kafka = channel.bindings.kafka;
    return el('section', { class: 'card' },
        el('h3', { id: anchor(channel.address), 'data-short': channel.address }, el('span', { class: 'name' }, channel.address), channel['x-internal'] ? el('span', { class: 'tag internal' }, 'internal') : null),
        el('p', {}, prose(channel.description)),
        el('p', { class: 'facts' },
            el('span', {}, 'key ', el('b', {}, message.bindings.kafka.key.$ref.split('/').at(-1))),
            el('span', {}, 'event type ', el('b', {}, message.name)),
            el('span', {}, 'kept ', el('b', {}, channel['x-kept'])),
            el('span', {}, 'partitions ', el('b', {}, `${kafka.partitions}`)),
            el('span', {}, 'record at most ', el('b', {}, size(kafka.topicConfiguration['max.message.bytes']))),
            el('span', {}, 'schema ', el('a', { href: `schemas/${name}.json` }, `${name}.json`))),
        await fieldTable(message.payload, file),
        examples(message.examples));
}

show(async main => {
    const { value: doc, file } = await open('asyncapi.json');
    const topics = Object.values(doc.channels).filter(channel => channel.bindings.kafka);
    main.append(el('p', { class: 'lead' }, 'Kafka topics that anybody may read, with committed records only. Keys are UTF-8 text, values JSON.'),
        el('p', {}, el('a', { href: 'asyncapi.json' }, 'asyncapi.json'), ' is the document itself (AsyncAPI 3.0). A star marks what is always there.'),
        el('section', { class: 'card' }, table(['Topic', 'Key', 'Kept'], topics.map(channel => el('tr', {},
            el('td', {}, el('a', { href: `#${anchor(channel.address)}` }, el('code', {}, channel.address))),
            el('td', {}, channel.description.match(/Key: (\w+)/)[1]), el('td', {}, channel['x-kept']))))),
        el('h2', { id: 'headers' }, 'Headers'), el('section', { class: 'card' }, el('h3', { id: 'event-headers' }, 'Of every record'),
            await fieldTable({ $ref: 'schemas/event-headers.json' }, file)),
        el('h2', { id: 'records' }, 'Records'));
    for (const channel of topics) {
        main.append(await topic(channel, file));
    }
});
