// Builds both entries, each one minified file, and says how big the browser's is: over the limit the build fails.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const PAGE = '../standalone/src/main/resources/META-INF/resources/demo/millrace-client.js';
const LIMIT = 12 * 1024;
/** Words of the machines inside, which are in no API, frame or stored value: they become short. */
const OWN = `ahead askAt asking authorized chance collection discard discardToken effects env fail fate fetchToken forget give goodbyeMs happen holed
  holeTo keep keepPlace lanes linked maxBytes moved newId openedAt origin outgoing probe probing queued recreatedTo removed renew renewAt restored
  retryAt settle succeed takeChanges tell timeline touched transmit tries verdict wakeAt wall wanted`.split(/\s+/);

async function bundle(entry, platform) {
  const { outputFiles: [map, code] } = await build({
    bundle: true, format: 'esm', minify: true, sourcemap: 'external', target: 'es2022', legalComments: 'none', logLevel: 'warning',
    entryPoints: [`src/${entry}.ts`], outfile: `dist/${entry}.js`, platform, write: false,
  });
  const small = await minify(code.text, {
    module: true, ecma: 2022, compress: { passes: 4, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
    mangle: { properties: { regex: new RegExp(`^(${OWN.join('|')})$`) } }, sourceMap: { content: map.text, url: `${entry}.js.map` },
  });
  writeFileSync(`dist/${entry}.js`, small.code);
  writeFileSync(`dist/${entry}.js.map`, small.map);
  return small.code;
}

const browser = await bundle('index', 'browser');
await bundle('node', 'node');

const size = gzipSync(browser, { level: 9 }).length;
console.log(`dist/index.js: ${browser.length} bytes, ${size} gzipped (limit ${LIMIT})`);
if (size > LIMIT) {
  console.error(`unable to build; the client is ${size - LIMIT} bytes over its limit`);
  process.exitCode = 1;
}

// `build.js --page`: the demo page gets it too; it is kept there so that the distribution needs no Node.
if (process.argv.includes('--page')) {
  writeFileSync(PAGE, browser.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '\n'));
}
