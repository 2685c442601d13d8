// TOP-2: both documents are valid by their official definitions, with everything they refer to, and a document that is not is noticed.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Parser, fromFile } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';

const ERROR = 0;
const folder = process.argv[2];

/** A document with whatever it refers to in other files put in place: the validator reads one file only. */
function whole(file, pointer = '') {
    let value = JSON.parse(readFileSync(file, 'utf8'));
    for (const step of pointer.split('/').slice(1)) {
        value = value[step];
    }
    return inPlace(value, file);
}

function inPlace(value, file) {
    if (Array.isArray(value)) {
        return value.map(item => inPlace(item, file));
    }
    if (value === null || typeof value !== 'object') {
        return value;
    }
    const { $ref, ...rest } = value;
    const beside = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, inPlace(item, file)]));
    if (typeof $ref !== 'string') {
        return $ref === undefined ? beside : { $ref, ...beside };
    }
    const [path, pointer] = $ref.split('#');
    if (path === '' && file.endsWith('openapi.json')) {
        return value;
    }
    return { ...whole(path === '' ? file : resolve(dirname(file), path), pointer), ...beside };
}

async function asyncApiErrors(document) {
    const { diagnostics } = await new Parser().parse(document, { source: join(folder, 'asyncapi.json') });
    return diagnostics.filter(found => found.severity === ERROR).map(found => `asyncapi.json ${found.path.join('/')}: ${found.message}`);
}

async function openApiErrors(document) {
    const { valid, errors } = await new Validator().validate(document);
    return valid ? [] : [errors].flat().map(found => `openapi.json ${found.instancePath ?? ''}: ${found.message ?? found}`);
}

function spoilt(document, spoil) {
    const copy = structuredClone(document);
    spoil(copy);
    return copy;
}

const asyncApi = JSON.parse(readFileSync(join(folder, 'asyncapi.json'), 'utf8'));
const openApi = whole(join(folder, 'openapi.json'));
const errors = [...await asyncApiErrors(asyncApi), ...await openApiErrors(openApi)];
const unnoticed = [
    (await asyncApiErrors(spoilt(asyncApi, it => { it.operations['ingest.send'].action = 'shout'; }))).length,
    (await asyncApiErrors(spoilt(asyncApi, it => { it.channels.ingest.messages.send.$ref = '#/components/messages/none'; }))).length,
    (await openApiErrors(spoilt(openApi, it => { it.paths['/v1/sync/{id}'].get.responses = 'none'; }))).length,
].filter(found => found === 0);
errors.push(...unnoticed.map(() => 'a spoilt document passed'));
errors.forEach(error => console.error(error));
console.log(errors.length === 0 ? 'asyncapi.json and openapi.json are valid' : `${errors.length} errors`);
process.exit(errors.length === 0 ? 0 : 1);
