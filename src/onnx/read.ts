import { fromBinary } from '@bufbuild/protobuf';
import { ModelError, PareidoliaError } from '../errors.js';
import { checkWire } from './check-wire.js';
import type { Attribute, Graph, Model, Node, ValueInfo } from './model.js';
import {
  type AttributeProto,
  type GraphProto,
  ModelProtoSchema,
  type TypeProto,
  type ValueInfoProto,
} from './onnx_pb.js';
import { isPrintable, quoted } from './quoted.js';
import { dtypeOfWire, type ExternalData, readTensor } from './read-tensor.js';
import type { Tensor } from './tensor.js';

/** Limits on what a model file may hold; a file beyond them is refused before anything is built from it. */
export const modelLimits = { nodes: 20_000, initializers: 20_000, nameLength: 1000 } as const;

/** How to read a model whose weights lie in files of their own. */
export interface ReadModelOptions {
  /** The file's name, for messages. */
  readonly name: string;
  /**
   * Fetches bytes of a file beside the model. `location` is a bare file name: this reader has refused everything
   * with a path in it. Left out, external data is refused.
   */
  readonly external?: ExternalData;
}

/**
 * Reads an ONNX file. Every tensor's size is checked against the bytes present before anything is allocated for it.
 * Weights stay views of `bytes` where their alignment allows.
 *
 * @throws ModelError `model/format` when it is not an ONNX file, `model/truncated` when bytes are missing,
 * `model/unsupported` for what this version does not read (sub-graphs, sparse tensors, custom domains)
 */
export function readModel(bytes: Uint8Array, options: ReadModelOptions): Model {
  const { name } = options;
  try {
    return toModel(bytes, options);
  } catch (error) {
    if (error instanceof PareidoliaError) throw error;
    // The protobuf reader throws RangeError past the end and plain Errors elsewhere; both mean a damaged file.
    const truncated = error instanceof RangeError && /premature|EOF|end|bounds/i.test(error.message);
    throw new ModelError(
      truncated ? 'model/truncated' : 'model/format',
      `${name}: expected a whole ONNX file, got ${truncated ? 'one that ends early' : 'something else or a damaged one'} ` +
        `(${bytes.length} bytes). Fetch or export it again.`,
      { cause: error },
    );
  }
}

function toModel(bytes: Uint8Array, options: ReadModelOptions): Model {
  const { name } = options;
  const refuse = (fact: string): never => {
    throw new ModelError('model/format', `${name}: ${fact}. Fetch or export it again.`);
  };
  // A plain view, because `slice` of Node's Buffer does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  checkWire(plain, ModelProtoSchema);
  const proto = fromBinary(ModelProtoSchema, plain, { readUnknownFields: false });
  const graphProto = proto.graph;
  if (!graphProto || graphProto.node.length === 0) return refuse('expected an ONNX file with a graph, got none');
  if (proto.opsetImport.length === 0) refuse('expected an operator-set version, got none');
  if (graphProto.node.length > modelLimits.nodes) {
    refuse(`expected at most ${modelLimits.nodes} nodes, got ${graphProto.node.length}`);
  }
  if (graphProto.initializer.length > modelLimits.initializers) {
    refuse(`expected at most ${modelLimits.initializers} initializers, got ${graphProto.initializer.length}`);
  }
  if (graphProto.sparseInitializer.length > 0) {
    throw new ModelError('model/unsupported', `${name}: sparse weights are not read. Export it with dense weights.`);
  }
  for (const text of namesIn(graphProto)) {
    if (text.length > modelLimits.nameLength || !isPrintable(text)) {
      refuse(`expected names of up to ${modelLimits.nameLength} printable characters, got ${quoted(text)}`);
    }
  }

  const initializers = new Map<string, Tensor>();
  for (const tensor of graphProto.initializer) {
    if (initializers.has(tensor.name)) refuse(`two tensors are named "${tensor.name}"`);
    initializers.set(tensor.name, readTensor(tensor, options));
  }
  const nodes = graphProto.node.map((node): Node => {
    const where = `node "${node.name || node.output[0] || '?'}" (${node.opType})`;
    if (node.output.every((output) => output === '')) refuse(`${where} writes nothing`);
    // Also keeps names like "constructor" out of every table of operators.
    if (!/^[A-Z]\w*$/.test(node.opType)) refuse(`${where} is not an ONNX operator`);
    if (node.domain !== '' && node.domain !== 'ai.onnx') {
      throw new ModelError(
        'model/unsupported',
        `${name}: ${where} is of the domain "${node.domain}", expected standard ONNX operators. Export it without custom operators.`,
      );
    }
    return {
      opType: node.opType,
      domain: '',
      name: node.name,
      inputs: node.input,
      outputs: node.output,
      attributes: Object.fromEntries(
        node.attribute.map((attribute) => [attribute.name, readAttribute(attribute, options, where)]),
      ),
    };
  });
  // Old files (IR version 3 and below) list the initializers among the inputs, too.
  const inputs = graphProto.input.filter((input) => !initializers.has(input.name)).map((v) => readValueInfo(v, name));
  const outputs = graphProto.output.map((output) => readValueInfo(output, name));
  const written = new Set<string>();
  const produced = nodes.flatMap((node) => node.outputs.filter((output) => output !== ''));
  for (const tensor of [...inputs.map((input) => input.name), ...initializers.keys(), ...produced]) {
    if (tensor === '' || written.has(tensor)) refuse(`two tensors are named "${tensor}"`);
    written.add(tensor);
  }
  for (const output of outputs) if (!written.has(output.name)) refuse(`nothing writes the output "${output.name}"`);
  const graph: Graph = {
    name: graphProto.name,
    nodes: inTopologicalOrder(nodes, [...inputs.map((input) => input.name), ...initializers.keys()], name),
    inputs,
    outputs,
    initializers,
  };
  return {
    irVersion: Number(proto.irVersion),
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(' '),
    opsets: new Map(
      proto.opsetImport.map((opset) => [opset.domain === 'ai.onnx' ? '' : opset.domain, Number(opset.version)]),
    ),
    metadata: Object.fromEntries(proto.metadataProps.map((entry) => [entry.key, entry.value])),
    graph,
  };
}

/** Every name of a graph that a message may show later. */
function* namesIn(graph: GraphProto): Generator<string> {
  for (const { name } of graph.initializer) yield name;
  for (const { name } of [...graph.input, ...graph.output]) yield name;
  for (const { name, opType, domain, input, output, attribute } of graph.node) {
    yield* [name, opType, domain, ...input, ...output];
    for (const entry of attribute) yield entry.name;
  }
}

function readAttribute(attribute: AttributeProto, options: ReadModelOptions, where: string): Attribute {
  const text = new TextDecoder();
  switch (attribute.type) {
    case 1:
      return { type: 'float', value: attribute.f };
    case 2:
      return { type: 'int', value: Number(attribute.i) };
    case 3:
      return { type: 'string', value: text.decode(attribute.s) };
    case 4: {
      if (!attribute.t) break;
      return { type: 'tensor', value: readTensor(attribute.t, options) };
    }
    case 6:
      return { type: 'floats', value: attribute.floats };
    case 7:
      return { type: 'ints', value: attribute.ints.map(Number) };
    case 8:
      return { type: 'strings', value: attribute.strings.map((bytes) => text.decode(bytes)) };
  }
  throw new ModelError(
    'model/unsupported',
    `${options.name}: ${where} has the attribute "${attribute.name}" of type ${attribute.type}, expected numbers, text or a tensor. ` +
      `Control flow (If, Loop, Scan) is not supported: export the network without it.`,
  );
}

function readValueInfo(info: ValueInfoProto, modelName: string): ValueInfo {
  const tensor: TypeProto['tensorType'] = info.type?.tensorType;
  const dtype = dtypeOfWire(tensor?.elemType ?? 0);
  if (!tensor || !dtype) {
    throw new ModelError('model/unsupported', `${modelName}: "${info.name}" is not a tensor of a known type.`);
  }
  const dims = (tensor.shape?.dim ?? []).map((dim) => (dim.dimValue > 0n ? Number(dim.dimValue) : dim.dimParam || '?'));
  return { name: info.name, dtype, dims };
}

/** ONNX asks for topological order and most files have it; those that do not are sorted, circles are refused. */
function inTopologicalOrder(nodes: readonly Node[], given: readonly string[], modelName: string): Node[] {
  const producer = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const output of node.outputs) if (output !== '') producer.set(output, index);
  });
  const known = new Set(['', ...given]);
  for (const node of nodes) {
    for (const input of node.inputs) {
      if (!known.has(input) && !producer.has(input)) {
        const what = `node "${node.name || node.outputs[0]}" (${node.opType}) reads "${input}"`;
        throw new ModelError('model/format', `${modelName}: ${what}, which nothing writes. Export it again.`);
      }
    }
  }
  const before = nodes.map(
    (node) => new Set(node.inputs.filter((input) => !known.has(input)).map((input) => producer.get(input)!)),
  );
  if (before.every((needed, index) => [...needed].every((i) => i < index))) return [...nodes];
  const consumers = nodes.map((): number[] => []);
  const missing = before.map((needed, index) => {
    for (const i of needed) consumers[i]!.push(index);
    return needed.size;
  });
  const ordered: Node[] = [];
  const ready = nodes.map((_, index) => index).filter((index) => missing[index] === 0);
  for (let at = 0; at < ready.length; at++) {
    const index = ready[at]!;
    ordered.push(nodes[index]!);
    for (const consumer of consumers[index]!) if (--missing[consumer]! === 0) ready.push(consumer);
  }
  if (ordered.length < nodes.length) {
    throw new ModelError(
      'model/format',
      `${modelName}: its nodes form a circle, expected a graph without one. Export it again.`,
    );
  }
  return ordered;
}
