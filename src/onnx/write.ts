import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Attribute, Model, ValueInfo } from './model.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb.js';
import { dtypes, type Tensor, toInt64 } from './tensor.js';

/**
 * Writes a model as the bytes of an ONNX file, weights as raw data. The same model gives the same bytes.
 *
 * The weights are copied once, straight to their place: the protobuf writer would copy them again for each message
 * around them, which for a large network is most of the memory a program takes.
 */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { graph } = model;
  const header = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion),
      producerName: model.producer,
      opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
      metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    }),
  );
  const nodes = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, {
      name: graph.name || 'graph',
      node: graph.nodes.map((node) => ({
        opType: node.opType,
        domain: node.domain,
        name: node.name,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, attribute]) => writeAttribute(name, attribute)),
      })),
      input: graph.inputs.map(writeValueInfo),
      output: graph.outputs.map(writeValueInfo),
    }),
  );
  const weights = [...graph.initializers].flatMap(([name, tensor]) => {
    const { rawData, ...fields } = tensorFields(name, tensor);
    const head = toBinary(TensorProtoSchema, create(TensorProtoSchema, fields));
    const raw = [fieldHead(fieldNumbers.rawData, rawData.length), rawData];
    return [fieldHead(fieldNumbers.initializer, sizeOf([head, ...raw])), head, ...raw];
  });
  return joined([header, fieldHead(fieldNumbers.graph, sizeOf([nodes, ...weights])), nodes, ...weights]);
}

/** Numbers, in onnx.proto, of the fields that are written by hand. */
const fieldNumbers = { graph: 7, initializer: 5, rawData: 9 } as const;

/** What stands before a field of bytes or an embedded message: its number and wire type, and its length. */
function fieldHead(number: number, length: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish();
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(parts));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function tensorFields(name: string, tensor: Tensor) {
  const { data } = tensor;
  return {
    name,
    dims: tensor.dims.map(BigInt),
    dataType: dtypes[tensor.dtype].wire,
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  };
}

function writeAttribute(name: string, attribute: Attribute): AttributeProto {
  const text = new TextEncoder();
  switch (attribute.type) {
    case 'float':
      return create(AttributeProtoSchema, { name, type: 1, f: attribute.value });
    case 'int':
      return create(AttributeProtoSchema, { name, type: 2, i: toInt64(attribute.value) });
    case 'string':
      return create(AttributeProtoSchema, { name, type: 3, s: text.encode(attribute.value) });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: 4, t: tensorFields('', attribute.value) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: 6, floats: [...attribute.value] });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: 7, ints: attribute.value.map(toInt64) });
    case 'strings':
      return create(AttributeProtoSchema, {
        name,
        type: 8,
        strings: attribute.value.map((value) => text.encode(value)),
      });
  }
}

function writeValueInfo(info: ValueInfo) {
  return create(ValueInfoProtoSchema, {
    name: info.name,
    type: {
      tensorType: {
        elemType: dtypes[info.dtype].wire,
        shape: {
          dim: info.dims.map((dim) => (typeof dim === 'number' ? { dimValue: BigInt(dim) } : { dimParam: dim })),
        },
      },
    },
  });
}
