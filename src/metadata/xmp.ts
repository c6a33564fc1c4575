import { byteLengthOf, checkRecipe, damaged, decodeText, keyword, latin1, maxRecipeBytes } from './recipe-text.js';

const namespace = 'urn:pareidolia:recipe:1';
/** XMP that other programs have rewritten may be longer than ours; this much of it is looked at. */
const maxXmpBytes = 16 * maxRecipeBytes;

/**
 * The XMP packet that carries a recipe in a JPEG, WebP, TIFF or AVIF: the property `recipe` of the namespace
 * `urn:pareidolia:recipe:1`.
 *
 * @param recipe JSON text
 * @throws OptionError `option/invalid` when the recipe is longer than 64 KiB or holds characters no XML may hold
 */
export function recipeXmp(recipe: string): string {
  checkRecipe(recipe);
  const text = recipe
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:${keyword}="${namespace}">
<${keyword}:recipe>${text}</${keyword}:recipe>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
}

/**
 * Finds the property, as an element or as an attribute, under whatever prefix the packet gives our namespace.
 *
 * @param xmp a packet, in UTF-8
 * @returns the recipe's text, or undefined when the packet holds none
 * @throws ImageError `image/unreadable` when it is damaged or longer than 64 KiB
 */
export function readXmpRecipe(xmp: Uint8Array, name: string): string | undefined {
  const packet = latin1(xmp.subarray(0, maxXmpBytes));
  const declared = packet.match(/xmlns:([A-Za-z_][\w.-]{0,63})\s*=\s*["']urn:pareidolia:recipe:1["']/);
  if (declared === null) return undefined;
  const property = `${declared[1]}:recipe`;
  const element = packet.indexOf(`<${property}>`);
  const attribute = packet.indexOf(`${property}=`);
  if (element < 0 && attribute < 0) return undefined;
  const start = (element < 0 ? attribute : element) + property.length + 2; // past <property> or property="
  const end = packet.indexOf(element < 0 ? packet[start - 1]! : `</${property}>`, start);
  if (end < 0) throw damaged(name, 'its recipe is malformed');
  const text = decodeText(xmp.subarray(start, end), name, maxXmpBytes).replace(
    /&(#x?)?(\w{1,8});/g,
    (whole, base, word) => {
      const code = base === undefined ? undefined : Number.parseInt(word, base === '#x' ? 16 : 10);
      if (code === undefined) return entities.get(word) ?? whole;
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  if (byteLengthOf(text) > maxRecipeBytes) throw damaged(name, 'its recipe is longer than 64 KiB');
  return text;
}

const entities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));
