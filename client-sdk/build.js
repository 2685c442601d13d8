// Builds both entries, each one minified file, and says how big the browser's is. Over the limit the build fails.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const PAGE = '../standalone/src/main/resources/META-INF/resources/demo/millrace-client.js';
const LIMIT = 16 * 1024;
const common = { bundle: true, format: 'esm', minify: true, sourcemap: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' };

await build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', platform: 'browser' });
await build({ ...common, entryPoints: ['src/node.ts'], outfile: 'dist/node.js', platform: 'node', target: 'node20' });

const size = gzipSync(readFileSync('dist/index.js'), { level: 9 }).length;
console.log(`dist/index.js: ${readFileSync('dist/index.js').length} bytes, ${size} gzipped (limit ${LIMIT})`);
if (size > LIMIT) {
  console.error(`unable to build; the client is ${size - LIMIT} bytes over its limit`);
  process.exitCode = 1;
}

// `build.js --page`: the demo page gets it too; it is kept there so that the distribution needs no Node.
if (process.argv.includes('--page')) {
  writeFileSync(PAGE, readFileSync('dist/index.js', 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n/, '\n'));
}
