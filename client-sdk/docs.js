// Writes docs/api.md from the built declarations: what the package exports, each with its own words and its shape. With --check it only
// says whether the file is as it would be written.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TYPES = 'dist/types';
const FIRST = ['ChatClient', 'ChatOptions', 'Room', 'Messages', 'SendOptions', 'Sending', 'Message', 'LiveCollection', 'Page', 'Discontinuity', 'Recovered', 'Coverage'];

const files = (directory) => readdirSync(directory, { withFileTypes: true })
  .flatMap((entry) => entry.isDirectory() ? files(join(directory, entry.name)) : entry.name.endsWith('.d.ts') ? [join(directory, entry.name)] : []);
const source = files(TYPES).sort().map((file) => readFileSync(file, 'utf8')).join('\n');
const exported = ['index', 'public', 'node'].flatMap((name) => [...readFileSync(join(TYPES, `${name}.d.ts`), 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)])
  .flatMap(([, list]) => list.split(',').map((name) => name.replace(/\btype\b/, '').trim())).filter(Boolean);

function declaration(name) {
  const start = source.search(new RegExp(`^export (?:declare )?(?:abstract )?(?:class|interface|type|const|function) ${name}\\b`, 'm'));
  const from = source.slice(start);
  const line = from.slice(0, from.indexOf('\n') + 1);
  const text = line.trimEnd().endsWith('{') ? from.slice(0, from.indexOf('\n}') + 2) : from.slice(0, from.search(/;\n/) + 1);
  const doc = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(source.slice(0, start));
  return { doc: words(doc?.[1] ?? ''), text: text.replace(/^export (declare )?/, '').split('\n').filter((each) => !/^\s*(#private;|private )/.test(each)).join('\n') };
}

const words = (comment) => comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trim()).filter(Boolean).join(' ');

// The class of the package's entry only chooses a platform for what this interface says.
const chat = declaration('Chat');
const described = (name) => name !== 'ChatClient' ? declaration(name)
  : { ...chat, text: chat.text.replace('interface Chat {', 'class ChatClient {\n    constructor(options: ChatOptions);') };
const names = [...new Set([...FIRST, ...exported.sort()])];
const sections = names.map((name) => {
  const { doc, text } = described(name);
  return `## ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}\`\`\`ts\n${text.trim()}\n\`\`\`\n`;
});
const FILE = 'docs/api.md';
const text = `# @millrace/client\n\nMade from the types by \`npm run docs\`. Rule ids are those of the [specification](../../docs/specification.md).\n\n${sections.join('\n')}`;
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error(`${FILE} is not what the types say; write it anew with: npm run docs`);
    process.exit(1);
  }
} else {
  writeFileSync(FILE, text);
  console.log(`${FILE}: ${names.length} names`);
}
