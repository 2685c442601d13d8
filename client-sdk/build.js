// Builds both entries, each one minified file, and says how big the browser's is: over the limit the build fails.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import { OWN } from './own-words.js';

const PAGE = '../standalone/src/main/resources/META-INF/resources/demo/millrace-client.js';
const LIMIT = 12_000;

async function bundle(entry, platform) {
  const { outputFiles: [map, code] } = await build({
    bundle: true, format: 'esm', minify: true, sourcemap: 'external', target: 'es2022', legalComments: 'none', logLevel: 'warning',
    entryPoints: [`src/${entry}.ts`], outfile: `dist/${entry}.js`, platform, write: false,
  });
  const small = await minify(code.text, {
    module: true, ecma: 2022, compress: { passes: 2, pure_getters: true, unsafe: true, unsafe_methods: true, arrows: false, lhs_constants: false },
    mangle: { properties: { builtins: true, regex: new RegExp(`^(${OWN.join('|')})$`) } }, sourceMap: { content: map.text, url: `${entry}.js.map` },
  });
  writeFileSync(`dist/${entry}.js`, small.code);
  writeFileSync(`dist/${entry}.js.map`, small.map);
  return small.code;
}

const browser = await bundle('index', 'browser');
await bundle('node', 'node');

const size = gzipSync(browser, { level: 9 }).length;
console.log(`dist/index.js: ${browser.length} bytes, ${size} gzipped (limit ${LIMIT})`);
if (size >= LIMIT) {
  console.error(`unable to build; the client has to be under ${LIMIT} bytes gzipped`);
  process.exitCode = 1;
}

// `build.js --page`: the demo page gets it too; it is kept there so that the distribution needs no Node.
if (process.argv.includes('--page')) {
  writeFileSync(PAGE, browser.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '\n'));
}
