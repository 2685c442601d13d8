import { anchor, el, prose, show } from './dom.js';
import { open } from './documents.js';
import { catalogue, fieldTable } from './schema.js';

const FRAMES = ['client-frames', 'server-frames', 'http', 'common'];

/** Every schema that the documents refer to, directly or through another. */
async function names() {
    const found = new Set();
    const waiting = ['asyncapi.json', 'openapi.json'];
    while (waiting.length) {
        const { value, file } = await open(waiting.pop());
        for (const [, reference] of JSON.stringify(value).matchAll(/"\$ref":\s*"([^"#]+\.json)/g)) {
            const name = new URL(reference, file).pathname.split('/').at(-1).replace('.json', '');
            if (!found.has(name)) {
                found.add(name);
                waiting.push(`schemas/${name}.json`);
            }
        }
    }
    return [...found].sort((a, b) => a.localeCompare(b));
}

async function card(name) {
    const { value: schema, file } = await open(`schemas/${name}.json`);
    const parts = schema.$defs && FRAMES.includes(name) ? el('p', { class: 'type' }, Object.keys(schema.$defs).join(', ')) : null;
    return el('section', { class: 'card' },
        el('h3', { id: anchor(name), 'data-short': name }, el('a', { href: `schemas/${name}.json` }, el('span', { class: 'name' }, `${name}.json`))),
        el('p', {}, prose(schema.description)),
        catalogue(schema) ?? parts ?? await fieldTable(schema, file));
}

show(async main => {
    main.append(el('p', { class: 'lead' }, 'JSON Schema 2020-12, one file a type. Both documents refer to these files, and they to each other by name; nothing is said twice. A field that a schema does not name is to be passed over.'));
    for (const name of await names()) {
        main.append(await card(name));
    }
});
