import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import { InputError } from '../../../core/assert.ts';

/** What TensorFlow.js computes with: its native library, WebAssembly, or plain JavaScript. */
export type BackendName = 'node' | 'wasm' | 'cpu';

export interface SelectedBackend {
  readonly name: BackendName;
  /** One sentence for each backend that was tried, the selected one last. */
  readonly reason: readonly string[];
}

/** The fastest first. */
const ORDER: readonly BackendName[] = ['node', 'wasm', 'cpu'];

/** Package of the native library: a peer that may be absent, so its name is hidden from compilers and bundlers. */
const NATIVE_PACKAGE = '@tensorflow/tfjs-node';

/**
 * Makes a backend the current one of TensorFlow.js. `auto` takes the first of node, wasm and cpu that works; WebAssembly runs on one
 * thread. It also silences the advertisement that TensorFlow.js prints in Node.
 *
 * @throws InputError when a backend was asked for by name and does not work: another one would give other weights.
 */
export async function selectBackend(preference: 'auto' | BackendName): Promise<SelectedBackend> {
  enableProdMode();
  const reason: string[] = [];
  for (const name of preference === 'auto' ? ORDER : [preference]) {
    const fault = await START[name]();
    reason.push(fault === undefined ? `${name}: in use` : `${name}: ${fault}`);
    if (fault === undefined) return { name, reason };
  }
  throw new InputError(
    '--backend',
    reason.map((message) => ({ path: '', message })),
  );
}

/** Each starts its backend, or says why it cannot. */
const START: Readonly<Record<BackendName, () => Promise<string | undefined>>> = {
  node: async () => {
    try {
      await restoreRemovedUtil();
      await import(NATIVE_PACKAGE);
    } catch (error) {
      return `${NATIVE_PACKAGE} cannot be loaded (${firstLine(error)})`;
    }
    return started('tensorflow');
  },
  wasm: async () => {
    try {
      // The entry point lies in the folder of the binaries. The loader takes a file URL, and joins names to it as text.
      setWasmPaths(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).href);
    } catch (error) {
      return `its binaries cannot be found (${firstLine(error)})`;
    }
    return started('wasm');
  },
  cpu: () => started('cpu'),
};

async function started(registered: string): Promise<string | undefined> {
  try {
    return (await setBackend(registered)) ? undefined : 'does not start';
  } catch (error) {
    return `does not start (${firstLine(error)})`;
  }
}

/** Node 23 removed `util.isNullOrUndefined`, which the last release of the native package calls; Node 20 and 22 have it. */
async function restoreRemovedUtil(): Promise<void> {
  const util = (await import('node:util')).default as unknown as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
