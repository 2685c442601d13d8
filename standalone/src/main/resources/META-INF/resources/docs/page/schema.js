import { el, json, prose, table } from './dom.js';
import { resolve } from './documents.js';

const MAX_DEPTH = 3;
const FIRST = ['op', 'ref', 'room', 'sender', 'at'];

/** The fields an object has, from the schema itself and all it is made of, in order. */
async function fields(schema, file) {
    const found = { rows: new Map(), required: new Set() };
    await collect(schema, file, found);
    return found;
}

async function collect(unresolved, file, found) {
    const { value: schema, file: here } = await resolve(unresolved, file);
    const own = Object.entries(schema.properties ?? {});
    own.filter(([name]) => FIRST.includes(name)).forEach(([name, field]) => found.rows.set(name, { field, file: here }));
    for (const part of schema.allOf ?? []) {
        if (!part.if) {
            await collect(part, here, found);
        }
    }
    own.forEach(([name, field]) => found.rows.set(name, { field, file: here }));
    (schema.required ?? []).forEach(name => found.required.add(name));
}

function type(schema) {
    if ('const' in schema) {
        return JSON.stringify(schema.const);
    }
    if (schema.enum) {
        return schema.enum.map(value => JSON.stringify(value)).join(' | ');
    }
    const choices = consts(schema);
    if (choices) {
        return choices.length > 10 ? 'code' : choices.map(choice => JSON.stringify(choice.const)).join(' | ');
    }
    return [schema.type ?? 'object'].flat().join(' or ') + (schema.format ? `, ${schema.format}` : '');
}

function consts(schema) {
    return schema.oneOf?.every(choice => 'const' in choice) ? schema.oneOf : null;
}

function limits(schema) {
    return [
        schema.minimum !== undefined && schema.minimum !== 0 && `at least ${schema.minimum}`,
        schema.maximum !== undefined && `at most ${schema.maximum}`,
        schema.maxItems !== undefined && `at most ${schema.maxItems}`,
        schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
        schema.default !== undefined && `${schema.default} when left out`,
    ].filter(Boolean).join(', ');
}

async function rows(schema, file, depth) {
    const { rows: found, required } = await fields(schema, file);
    const all = [];
    for (const [name, { field, file: here }] of found) {
        const { value, file: there } = await resolve(field, here);
        const isList = value.type === 'array' && value.items;
        const inner = isList ? await resolve(value.items, there) : { value, file: there };
        const shown = isList ? `list of ${inner.value.properties || inner.value.allOf ? 'objects' : type(inner.value)}` : type(value);
        all.push(el('tr', {},
            el('td', { class: `depth-${depth}` }, el('span', { class: `name${required.has(name) ? ' required' : ''}` }, name)),
            el('td', { class: 'type' }, shown, consts(value)?.length > 10 ? el('span', {}, ' (', el('a', { href: 'schemas.html#error-code' }, 'catalogue'), ')') : null),
            el('td', {}, prose(value.description ?? ''), limits(value) ? el('span', { class: 'values' }, `${value.description ? '; ' : ''}${limits(value)}`) : null)));
        if (depth < MAX_DEPTH && (inner.value.properties || inner.value.allOf?.some(part => !part.if))) {
            all.push(...await rows(inner.value, inner.file, depth + 1));
        }
    }
    return all;
}

/** A table of the fields; those that are always there have a star. */
export async function fieldTable(schema, file) {
    const all = await rows(schema, file, 0);
    return all.length ? table(['Field', 'Type', 'Meaning'], all) : null;
}

/** A table of values where the schema is a catalogue of them. */
export function catalogue(schema) {
    const choices = consts(schema);
    if (!choices) {
        return null;
    }
    const http = choices.some(choice => choice['x-httpStatus']);
    return table(['Value', ...(http ? ['HTTP', 'Again?'] : []), 'Meaning'], choices.map(choice => el('tr', {},
        el('td', {}, el('code', {}, `${choice.const}`), choice.title ? ` ${choice.title}` : ''),
        http ? [el('td', {}, `${choice['x-httpStatus']}`), el('td', {}, choice['x-retryable'] ? 'yes' : 'no')] : null,
        el('td', {}, prose(choice.description)))));
}

/** Examples, the first one open. */
export function examples(all = []) {
    return all.map((example, index) => el('details', { open: index === 0 ? '' : null },
        el('summary', {}, example.summary), example.headers ? [el('h4', {}, 'Headers'), json(example.headers), el('h4', {}, 'Value')] : null, json(example.payload ?? example.value)));
}
