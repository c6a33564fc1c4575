import { create, toBinary } from '@bufbuild/protobuf';
import type { Attribute, Model, ValueInfo } from './model.js';
import { type AttributeProto, AttributeProtoSchema, ModelProtoSchema, ValueInfoProtoSchema } from './onnx_pb.js';
import { dtypes, type Tensor, toInt64 } from './tensor.js';

/** Writes a model as the bytes of an ONNX file, weights as raw data. The same model gives the same bytes. */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { graph } = model;
  const proto = create(ModelProtoSchema, {
    irVersion: BigInt(model.irVersion),
    producerName: model.producer,
    opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name || 'graph',
      node: graph.nodes.map((node) => ({
        opType: node.opType,
        domain: node.domain,
        name: node.name,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, attribute]) => writeAttribute(name, attribute)),
      })),
      initializer: [...graph.initializers].map(([name, tensor]) => tensorFields(name, tensor)),
      input: graph.inputs.map(writeValueInfo),
      output: graph.outputs.map(writeValueInfo),
    },
  });
  return toBinary(ModelProtoSchema, proto) as Uint8Array<ArrayBuffer>;
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
