import { z } from 'zod';
import { BUILT_IN_AGENTS } from '../../agents/built-in.ts';
import { schemaWithExtensions } from '../../scenario/extension-schema.ts';
import { scenarioSchema } from '../../scenario/schema.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { forceOption, outOption } from '../options.ts';
import { outputFile } from '../output-file.ts';

/** `volpit schema`: what editors need to complete and check scenario files. */
export const schema = defineCommand({
  about:
    'JSON Schema, draft 7. In an editor with the YAML language server, name it in the first line of a scenario:\n# yaml-language-server: $schema=scenario.schema.json',
  arguments: {},
  options: { out: outOption('write it to this file'), force: forceOption() },
  examples: ['volpit schema', 'volpit schema --out scenario.schema.json'],
  async action({ output }, _args, { out, force }) {
    const file = out === undefined ? undefined : outputFile(out, { force });
    const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
    if (file === undefined) output.print(text);
    else file.write(text);
    return EXIT.ok;
  },
});

/** The JSON Schema (draft 7) of scenario files with the built-in agents. It knows fields and types; what values mean to each other, only `validate` knows. */
function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...body } = z.toJSONSchema(scenarioSchema(BUILT_IN_AGENTS), { target: 'draft-7', io: 'input' });
  return { $schema, $id: 'volpit.scenario/1', title: 'volpit scenario', ...schemaWithExtensions(body) };
}
