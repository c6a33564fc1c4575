/** The blocks of a GIF (GIF89a specification, 1990). */

/** The first image of a GIF. */
export interface GifImage {
  /** Its colours, three bytes each; a power of two of them. */
  readonly palette: Uint8Array;
  /** Its compressed pixels: the code size, and sub-blocks with their end. */
  readonly pixels: Uint8Array;
}

/** What introduces a block. */
const extension = 0x21;
const image = 0x2c;
/** Kinds of extensions. */
const graphicControl = 0xf9;
const comment = 0xfe;
const application = 0xff;

/** Takes the first image out of a GIF that an encoder wrote. */
export function firstImage(gif: Uint8Array): GifImage {
  let palette = paletteAt(gif, 13, gif[10]!);
  let at = 13 + palette.length;
  for (; gif[at] === extension; at = endOfBlocks(gif, at + 2));
  if (gif[at] !== image) throw new Error('the encoder wrote no image');
  const own = paletteAt(gif, at + 10, gif[at + 9]!);
  if (own.length > 0) palette = own;
  const start = at + 10 + own.length;
  return { palette, pixels: gif.subarray(start, endOfBlocks(gif, start + 1)) };
}

/** The comments in a GIF, in order, as far as the file goes. */
export function commentsOf(gif: Uint8Array): string[] {
  const comments: string[] = [];
  let at = 13 + paletteAt(gif, 13, gif[10] ?? 0).length;
  while (at < gif.length) {
    if (gif[at] === extension) {
      const end = endOfBlocks(gif, at + 2);
      if (gif[at + 1] === comment) comments.push(textOf(gif.subarray(at + 2, end)));
      at = end;
    } else if (gif[at] === image) {
      const start = at + 10 + paletteAt(gif, at + 10, gif[at + 9] ?? 0).length;
      at = endOfBlocks(gif, start + 1);
    } else {
      break;
    }
  }
  return comments;
}

/**
 * The beginning of an animation.
 *
 * @param loop how often to play; 0 for ever
 * @param text a comment, in ASCII
 */
export function gifHeader(width: number, height: number, loop: number, text?: string): Buffer {
  const parts = [Buffer.from('GIF89a'), u16(width), u16(height), Buffer.from([0x70, 0, 0])];
  // Browsers count how often it is played again.
  if (loop !== 1) {
    const again = Buffer.concat([Buffer.from([1]), u16(loop === 0 ? 0 : loop - 1)]);
    parts.push(Buffer.from([extension, application]), subBlock(Buffer.from('NETSCAPE2.0')), subBlock(again), end);
  }
  if (text !== undefined) {
    const bytes = Buffer.from(text, 'latin1');
    parts.push(Buffer.from([extension, comment]));
    for (let at = 0; at < bytes.length; at += 255) parts.push(subBlock(bytes.subarray(at, at + 255)));
    parts.push(end);
  }
  return Buffer.concat(parts);
}

/**
 * A frame that covers the whole animation.
 *
 * @param delay how long it stays, in hundredths of a second
 */
export function gifFrame({ palette, pixels }: GifImage, width: number, height: number, delay: number): Buffer {
  const bits = Math.log2(palette.length / 3);
  const control = Buffer.concat([Buffer.from([1 << 2]), u16(delay), Buffer.from([0])]); // 1: leave it in place
  return Buffer.concat([
    Buffer.from([extension, graphicControl]),
    subBlock(control),
    end,
    Buffer.from([image, 0, 0, 0, 0]),
    u16(width),
    u16(height),
    Buffer.from([0x80 | (bits - 1)]),
    palette,
    pixels,
  ]);
}

/** What ends a GIF. */
export const gifTrailer: Uint8Array = Uint8Array.of(0x3b);

const end = Buffer.from([0]);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function subBlock(data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([data.length]), data]);
}

/** The palette that the flags before it announce; empty when they announce none. */
function paletteAt(gif: Uint8Array, at: number, flags: number): Uint8Array {
  return (flags & 0x80) === 0 ? new Uint8Array(0) : gif.subarray(at, at + 3 * 2 ** ((flags & 7) + 1));
}

/** Where sub-blocks end that begin at an offset. */
function endOfBlocks(gif: Uint8Array, start: number): number {
  let at = start;
  while (at < gif.length && gif[at] !== 0) at += gif[at]! + 1;
  return at + 1;
}

function textOf(blocks: Uint8Array): string {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < blocks.length && blocks[at] !== 0; at += blocks[at]! + 1) {
    parts.push(blocks.subarray(at + 1, at + 1 + blocks[at]!));
  }
  return Buffer.concat(parts).toString('latin1');
}
