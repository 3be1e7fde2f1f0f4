import { z } from 'zod';

/**
 * The model file of TensorFlow.js, as far as it bears on what the net computes. Settings that change the result of the
 * net are fixed to what the trainer writes; initialisers, dropout and the like only matter in training, and are let through.
 */
const size = z.int().positive();
const inputShape = z.tuple([z.null(), z.union([z.null(), size]), size]);
/** The layers that feed a layer: name, node, tensor, arguments. */
const from = (...layers: string[]): z.ZodType => z.tuple([z.tuple(layers.map((layer) => link(layer)) as [z.ZodType, ...z.ZodType[]])]);
const link = (layer: string): z.ZodType => z.tuple([z.literal(layer), z.literal(0), z.literal(0), z.strictObject({})]);
const port = (layer: string): z.ZodType => z.tuple([z.literal(layer), z.literal(0), z.literal(0)]);

const inputLayer = <N extends string>(name: N) =>
  z.looseObject({
    class_name: z.literal('InputLayer'),
    name: z.literal(name),
    config: z.looseObject({ batch_input_shape: inputShape, dtype: z.literal('float32'), sparse: z.literal(false) }),
    inbound_nodes: z.tuple([]),
  });

const layerSchemas = {
  rows: inputLayer('rows'),
  skip: inputLayer('skip'),
  lstm: z.looseObject({
    class_name: z.literal('LSTM'),
    name: z.literal('lstm'),
    config: z.looseObject({
      units: size,
      activation: z.literal('tanh'),
      recurrent_activation: z.literal('sigmoid'),
      use_bias: z.literal(true),
      return_sequences: z.literal(true),
      return_state: z.literal(false),
      go_backwards: z.literal(false),
      stateful: z.literal(false),
    }),
    inbound_nodes: from('rows'),
  }),
  joined: z.looseObject({
    class_name: z.literal('Concatenate'),
    name: z.literal('joined'),
    config: z.looseObject({ axis: z.literal(-1) }),
    inbound_nodes: from('lstm', 'skip'),
  }),
  head: z.looseObject({
    class_name: z.literal('Dense'),
    name: z.literal('head'),
    config: z.looseObject({ units: size, activation: z.literal('linear'), use_bias: z.literal(true) }),
    inbound_nodes: from('joined'),
  }),
};

const named = z.looseObject({ name: z.string(), class_name: z.string() });

/** TensorFlow.js lists the layers by their depth; here they are found by their names, each exactly once. */
const layers = z
  .array(named)
  .transform((list, context) => {
    const byName: Record<string, unknown> = {};
    list.forEach((layer, i) => {
      if (!Object.hasOwn(layerSchemas, layer.name)) {
        const known = Object.keys(layerSchemas).join(', ');
        context.addIssue({
          code: 'custom',
          path: [i],
          message: `expected one of the layers ${known}, found ${layer.class_name} ${layer.name}`,
        });
      } else if (Object.hasOwn(byName, layer.name)) {
        context.addIssue({ code: 'custom', path: [i], message: `expected each layer once, found ${layer.name} again` });
      } else byName[layer.name] = layer;
    });
    return byName;
  })
  .pipe(z.strictObject(layerSchemas));

const dimension = z.int().positive();

/** `model.json` of the net that volpit trains. Weights follow the file's own order in the file of weights. */
export const layersModel = z.looseObject({
  format: z.literal('layers-model'),
  modelTopology: z.looseObject({
    class_name: z.literal(['Model', 'Functional']),
    config: z.looseObject({
      layers,
      input_layers: z.tuple([port('rows'), port('skip')]),
      output_layers: z.tuple([port('head')]),
    }),
  }),
  weightsManifest: z.tuple([
    z.strictObject({
      paths: z.tuple([z.string().min(1)]),
      weights: z.array(z.strictObject({ name: z.string().min(1), shape: z.array(dimension).min(1).max(2), dtype: z.literal('float32') })),
    }),
  ]),
});

export type LayersModel = z.infer<typeof layersModel>;
