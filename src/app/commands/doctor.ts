import { availableParallelism, totalmem } from 'node:os';
import type { BackendName } from '../../forecast/lstm/train/backend.ts';
import { bundledPath, bundledScenarios } from '../bundled.ts';
import { type Context, defineCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { packageInfo } from '../package-info.ts';

const BACKENDS: readonly BackendName[] = ['node', 'wasm', 'cpu'];
const GIBIBYTE = 1_073_741_824;
const NATIVE_HINT = 'Training is fastest with the native library: npm install @tensorflow/tfjs-node (Node 20 or 22).';

/** `volpit doctor`: what training and the dashboard will find here. */
export const doctor = defineCommand({
  about:
    'Shows the version of Node, the machine, the terminal, the backends of TensorFlow.js with the reason where one does not work, and where the files of volpit are.',
  arguments: {},
  options: { json: jsonOption() },
  examples: ['volpit doctor', 'volpit doctor --json'],
  async action(context, _args, { json }) {
    const findings = { ...surroundings(context), backends: await backends() };
    if (json) context.output.json('doctor', findings);
    else context.output.print(text(context.version, findings));
    return EXIT.ok;
  },
});

interface BackendFinding {
  readonly name: BackendName;
  readonly works: boolean;
  readonly reason: string;
}

type Findings = ReturnType<typeof surroundings> & { readonly backends: readonly BackendFinding[] };

function surroundings({ output, colour }: Context) {
  const { stdout } = output;
  const { root } = packageInfo();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryGibibytes: Number((totalmem() / GIBIBYTE).toFixed(1)),
    terminal: {
      input: process.stdin.isTTY === true,
      output: stdout.isTTY === true,
      ...(stdout.isTTY === true ? { columns: stdout.columns, rows: stdout.rows } : {}),
      term: process.env['TERM'] ?? '',
      colours: colour,
    },
    paths: { package: root, scenarios: bundledPath('scenarios'), models: bundledPath('models') },
    scenarios: bundledScenarios(),
  };
}

/** Tries each backend on its own, not only until one works. */
async function backends(): Promise<BackendFinding[]> {
  const findings: BackendFinding[] = [];
  for (const name of BACKENDS) {
    try {
      const { selectBackend } = await import('../../forecast/lstm/train/backend.ts');
      await selectBackend(name);
      findings.push({ name, works: true, reason: 'works' });
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      const isAbsent = /cannot find (package|module) '@tensorflow/i.test(reason);
      findings.push({ name, works: false, reason: isAbsent ? 'the package is not installed' : reason.replace(/^--backend\s+\w+:\s*/, '') });
    }
  }
  return findings;
}

const COLOURS = ['none', '16 colours', '256 colours', '24-bit colours'];

function text(version: string, findings: Findings): string {
  const { terminal, paths } = findings;
  const size = terminal.output ? `${terminal.columns} x ${terminal.rows}` : 'output is not a terminal';
  const rows = [
    ['volpit', version],
    ['Node', `${findings.node}, ${findings.platform}`],
    ['machine', `${findings.cores} cores, ${findings.memoryGibibytes} GiB`],
    ['terminal', `${size}, ${terminal.term || 'TERM is not set'}, ${COLOURS[terminal.colours]}`],
    ...findings.backends.map(({ name, works, reason }) => [`tfjs ${name}`, works ? 'works' : `no: ${reason}`]),
    ['scenarios', `${paths.scenarios} (${findings.scenarios.length})`],
    ['models', paths.models],
  ];
  const width = Math.max(...rows.map(([head = '']) => head.length));
  const lines = rows.map(([head = '', value = '']) => `${head.padEnd(width)}  ${value}`);
  const first = findings.backends[0];
  return [...lines, ...(first?.works === false ? ['', NATIVE_HINT] : [])].join('\n');
}
