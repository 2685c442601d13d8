import { anchor, el, json, prose, show, table } from './dom.js';
import { open, resolve } from './documents.js';
import { examples, fieldTable } from './schema.js';

async function content(body, file) {
    const parts = [];
    for (const [kind, { schema, examples: all }] of Object.entries(body?.content ?? {})) {
        parts.push(kind === 'application/json' ? await fieldTable(schema, file) : el('p', { class: 'type' }, kind === '*/*' ? 'the bytes of the file' : kind));
        parts.push(...examples(Object.values(all ?? {})));
    }
    return parts;
}

async function parameters(operation, file) {
    const all = [];
    for (const reference of operation.parameters ?? []) {
        const { value: parameter, file: here } = await resolve(reference, file);
        const { value: schema } = await resolve(parameter.schema, here);
        all.push(el('tr', {}, el('td', {}, el('span', { class: `name${parameter.required ? ' required' : ''}` }, parameter.name)),
            el('td', { class: 'type' }, parameter.in), el('td', {}, prose(parameter.description), schema.enum ? ` (${schema.enum.join(' | ')})` : '',
                schema.default !== undefined ? `; ${schema.default} when left out` : '')));
    }
    return all.length ? [el('h4', {}, 'Parameters'), table(['Name', 'In', 'Meaning'], all)] : [];
}

async function answers(operation, file) {
    const rows = [];
    const details = [];
    for (const [status, reference] of Object.entries(operation.responses)) {
        const { value: response, file: here } = await resolve(reference, file);
        rows.push(el('tr', {}, el('td', {}, el('span', { class: `tag ${status < 400 ? 'in' : 'bad'}` }, status)), el('td', {}, prose(response.description)),
            el('td', { class: 'type' }, Object.keys(response.headers ?? {}).join(', '))));
        if (status < 400 && response.content) {
            details.push(el('h4', {}, `Answer ${status}`), ...await content(response, here));
        }
    }
    return [el('h4', {}, 'Answers'), table(['Status', 'Meaning', 'Headers'], rows), ...details];
}

async function card(method, path, operation, file) {
    return el('section', { class: 'card' },
        el('h3', { id: anchor(operation.operationId), 'data-short': `${method.toUpperCase()} ${path}` }, el('span', { class: `tag ${method}` }, method.toUpperCase()), el('span', { class: 'name' }, path),
            operation.security.length ? null : el('span', { class: 'tag' }, 'no token')),
        el('p', {}, prose(operation.summary), operation.description ? `. ${operation.description}` : ''),
        await parameters(operation, file),
        operation.requestBody ? [el('h4', {}, 'Body'), ...await content(operation.requestBody, file)] : null,
        await answers(operation, file));
}

show(async main => {
    const { value: doc, file } = await open('openapi.json');
    main.append(el('p', { class: 'lead' }, prose(doc.info.description)), el('p', {}, el('a', { href: 'openapi.json' }, 'openapi.json'), ' is the document itself (OpenAPI 3.1). A star marks what is always there.'));
    for (const tag of doc.tags) {
        main.append(el('h2', { id: anchor(tag.name) }, tag.name[0].toUpperCase() + tag.name.slice(1)), el('p', { class: 'lead' }, tag.description));
        for (const [path, methods] of Object.entries(doc.paths)) {
            for (const [method, operation] of Object.entries(methods).filter(([, one]) => one.tags.includes(tag.name))) {
                main.append(await card(method, path, operation, file));
            }
        }
    }
    main.append(el('h2', { id: 'trouble' }, 'Errors'), el('section', { class: 'card' }, el('h3', { id: 'errors' }, 'What every error says'),
        await fieldTable({ $ref: 'schemas/server-frames.json#/$defs/error' }, file),
        json(Object.values((await resolve(doc.components.responses['503'], file)).value.content['application/json'].examples)[0].value),
        el('p', {}, 'All codes: ', el('a', { href: 'schemas.html#error-code' }, 'the catalogue'), '.')));
});
