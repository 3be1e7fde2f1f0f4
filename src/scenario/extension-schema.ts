type JsonSchema = Readonly<Record<string, unknown>>;

const DEFINITION = '#/definitions/';
/** What the definitions of a part are called: as those of the whole, and this. */
const PART = 'Part';
/** Words that speak of a mapping as a whole; a part of one need not obey them, and its defaults are what it extends. */
const OF_THE_WHOLE = new Set(['required', 'minProperties', 'maxProperties', 'default']);

/**
 * The JSON Schema of files that may extend others, from that of whole files (draft 7). With the field `extends`, `name` and `question` are all
 * that a file must say; of any mapping it may say a part, and `null` where it takes a field away. Lists are replaced, and so are whole.
 * Whether a part fits what it extends, only `volpit validate` knows.
 */
export function schemaWithExtensions(whole: JsonSchema): JsonSchema {
  const { definitions = {}, ...scenario } = whole;
  const named = Object.entries(definitions as Readonly<Record<string, JsonSchema>>);
  const { properties, ...extension } = partOf(scenario);
  const own = scenario.properties as Readonly<Record<string, JsonSchema>>;
  return {
    type: 'object',
    if: { required: ['extends'] },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema; nothing awaits this object.
    then: { $ref: `${DEFINITION}ScenarioPart` },
    else: { $ref: `${DEFINITION}Scenario` },
    definitions: {
      Scenario: scenario,
      ScenarioPart: {
        ...extension,
        properties: { ...(properties as object), extends: own.extends, name: own.name, question: own.question },
        required: ['extends', 'name', 'question'],
      },
      ...Object.fromEntries(named),
      ...Object.fromEntries(named.map(([name, schema]) => [`${name}${PART}`, partOf(schema)])),
    },
  };
}

/** What may be said of a value that is merged into another of the same schema. */
function partOf(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([word]) => !OF_THE_WHOLE.has(word));
  return Object.fromEntries(entries.flatMap(([word, value]) => partOfWord(word, value)));
}

function partOfWord(word: string, value: unknown): [string, unknown][] {
  switch (word) {
    case '$ref':
      return [[word, `${String(value)}${PART}`]];
    case 'anyOf':
    case 'oneOf':
      // A part may fit several alternatives: all that have its fields.
      return [['anyOf', (value as readonly JsonSchema[]).map(partOf)]];
    case 'properties':
      return [
        [word, Object.fromEntries(Object.entries(value as Record<string, JsonSchema>).map(([key, field]) => [key, orNull(partOf(field))]))],
      ];
    case 'additionalProperties':
      return [[word, typeof value === 'object' ? orNull(partOf(value as JsonSchema)) : value]];
    default:
      return [[word, value]];
  }
}

/** The description stays where editors look for it. */
function orNull({ description, ...schema }: JsonSchema): JsonSchema {
  return { ...(description === undefined ? {} : { description }), anyOf: [schema, { type: 'null' }] };
}
