// Builds what is published: the library with its types (tsc, dist/lib) and the command line as one bundle (esbuild, dist/cli).
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli');

// What stays a package beside the bundle: it brings binaries, starts workers from its own files, or may be absent.
const EXTERNAL = [
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-node',
  'piscina',
];

// CommonJS packages call `require`, which modules do not have.
const REQUIRE =
  "import { createRequire as volpitCreateRequire } from 'node:module';\nconst require = volpitCreateRequire(import.meta.url);";

/** Ink connects to React's inspector when asked to by an environment variable; the package is not there, and is not wanted. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(bundler) {
    bundler.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'absent' }));
    bundler.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default undefined;' }));
  },
};

/** Of zod's texts in some fifty languages, English is used. */
const englishOnly = {
  name: 'english-only',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

async function library() {
  rmSync(join(ROOT, 'dist', 'lib'), { recursive: true, force: true });
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(dirname(manifest), 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', join(ROOT, 'scripts', 'tsconfig.build.json')], { cwd: ROOT });
  } catch (error) {
    throw new Error(`tsc:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  }
}

async function commandLine() {
  const entryPoints = { volpit: 'src/app/main.ts' };
  if (existsSync(join(ROOT, 'bench', 'main.ts'))) entryPoints.bench = 'bench/main.ts';
  // Programs of worker threads are files of their own.
  for (const file of readdirSync(join(ROOT, 'src', 'app'))) {
    if (file.endsWith('-worker.ts')) entryPoints[file.slice(0, -'.ts'.length)] = `src/app/${file}`;
  }
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: CLI,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    external: EXTERNAL,
    plugins: [withoutDevtools, englishOnly],
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: REQUIRE },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => relative(CLI, join(ROOT, path))));
  for (const file of readdirSync(CLI)) if (!made.has(file)) rmSync(join(CLI, file), { recursive: true, force: true });
  chmodSync(join(CLI, 'volpit.js'), 0o755);
}

const results = await Promise.allSettled([library(), commandLine()]);
for (const result of results) {
  if (result.status === 'rejected') {
    process.stderr.write(`${result.reason instanceof Error ? result.reason.message : result.reason}\n`);
    process.exitCode = 1;
  }
}
