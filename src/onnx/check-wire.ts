import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Limits on the structure of a file. The largest CNNs stay far below them. */
const limits = { depth: 64, items: 1_000_000 } as const;

/**
 * Walks a protobuf message without building anything: every field has the wire type its schema gives it and ends inside
 * the message it belongs to, messages are not nested without end, and there are not so many of them that the objects
 * they become would fill the memory (two bytes are enough for an empty node, which takes a hundred times as much).
 *
 * @param schema what the bytes should hold; fields it does not have are skipped
 * @throws RangeError when the bytes end early, Error when they are something else
 */
export function checkWire(bytes: Uint8Array, schema: DescMessage): void {
  const reader = new BinaryReader(bytes);
  let items = 0;
  const walk = (message: DescMessage, end: number, depth: number): void => {
    if (depth > limits.depth) throw new Error(`messages are nested more than ${limits.depth} deep`);
    const fields = fieldsOf(message);
    while (reader.pos < end) {
      const [number, wireType] = reader.tag();
      const field = fields.get(number);
      if (!field || wireType !== WireType.LengthDelimited) {
        if (field && wireType !== wireTypeOf(field)) throw new Error(`${field} has the wire type ${wireType}`);
        if (field) items++;
        reader.skip(wireType, number, limits.depth);
      } else {
        const length = reader.uint32();
        const fieldEnd = reader.pos + length;
        if (fieldEnd > bytes.length) throw new RangeError('premature EOF');
        if (fieldEnd > end) throw new Error(`${field} does not end inside its message`);
        if (field.message) walk(field.message, fieldEnd, depth + 1);
        else if (isPacked(field)) items += length;
        else if (wireTypeOf(field) !== wireType) throw new Error(`${field} has the wire type ${wireType}`);
        items++;
        reader.pos = fieldEnd;
      }
      if (reader.pos > end) throw new Error(`${message} ends inside a field`);
      if (items > limits.items) throw new Error(`more than ${limits.items} fields`);
    }
  };
  walk(schema, bytes.length, 1);
}

const knownFields = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(message: DescMessage): ReadonlyMap<number, DescField> {
  const known = knownFields.get(message);
  if (known) return known;
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  knownFields.set(message, fields);
  return fields;
}

/** Whether a length-delimited run of this field is a list of numbers. */
function isPacked(field: DescField): boolean {
  return field.fieldKind === 'list' && wireTypeOf(field) !== WireType.LengthDelimited;
}

/** The wire type of one value. */
function wireTypeOf(field: DescField): WireType {
  switch (field.scalar) {
    case ScalarType.FLOAT:
      return WireType.Bit32;
    case ScalarType.INT32:
    case ScalarType.INT64:
      return WireType.Varint;
    default:
      // Messages, text and bytes, the only other kinds in onnx.proto.
      return WireType.LengthDelimited;
  }
}
