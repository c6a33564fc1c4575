import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { ImageError } from '../../../src/platform/node/index.js';
import { readNames } from '../flags/read-names.js';
import { standardStream } from './output-file.js';
import type { Source, Sources } from './source.js';

/** How pictures are looked for. */
export interface ListOptions {
  /** Whether folders are looked into with all that is beneath them. */
  readonly recursive?: boolean | undefined;
  /** A file with more names, or `-` for standard input. */
  readonly filesFrom?: string | undefined;
}

/** The extensions that pictures are known by where nobody names them one by one, in lower case. */
const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.svg']);
const lookedFor = 'Looked for .jpg, .jpeg, .png, .webp, .avif, .tif, .tiff and .svg';

/** The names that `dream` and `rerun` give. */
const ourResult = /-dream(-rerun)*\.[^.]+$/;

const globCharacters = /[*?[{]/;

/** img_2 comes before img_10, and case does not count. */
const natural = new Intl.Collator('en', { numeric: true });

/**
 * The pictures that names stand for: files, folders, globs that no shell has expanded, and a list of more. A file that
 * is named twice is there once.
 *
 * @param names files, folders or globs; `-` is standard input
 * @throws ImageError when a folder or a glob holds no picture
 * @throws OptionError when the list cannot be read or is empty
 */
export async function listPictures(names: readonly string[], options: ListOptions = {}): Promise<Sources> {
  const { recursive = false, filesFrom } = options;
  const listed = filesFrom === undefined ? [] : await readNames(filesFrom);
  const found: Source[] = [];
  let many = names.length > 1 || filesFrom !== undefined;
  for (const name of names) {
    const kind = name === standardStream ? 'file' : await kindOf(name);
    if (kind === 'file' || (kind === 'nothing' && !globCharacters.test(name))) {
      found.push({ path: name, beneath: '' });
    } else {
      many = true;
      found.push(...(kind === 'folder' ? await picturesIn(name, recursive) : await picturesLike(name)));
    }
  }
  for (const name of listed) {
    // A list names files as they are: no globs, and `-` is a file as well.
    if ((await kindOf(name)) === 'folder') found.push(...(await picturesIn(name, recursive)));
    else found.push({ path: name === standardStream ? `./${name}` : name, beneath: '' });
  }
  return { pictures: withoutRepeats(found), many };
}

/**
 * The pictures in a folder, in natural order, with hidden files and our own results left out.
 *
 * @param recursive whether folders in it are looked into; hidden ones and links to folders never are
 * @returns none when there are none
 * @throws ImageError when a folder cannot be read
 */
export async function listFolder(folder: string, recursive: boolean): Promise<Source[]> {
  const found: Source[] = [];
  const visit = async (beneath: string): Promise<void> => {
    const here = join(folder, beneath);
    const entries = await readdir(here, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      // One that has just gone.
      if (cause.code === 'ENOENT' && beneath !== '') return [];
      const reason = cause.code === 'EACCES' ? 'permission denied' : cause.code;
      const message = `${here}: the folder cannot be read (${reason}). Change its permissions, or name files.`;
      throw new ImageError('image/unreadable', message, { cause });
    });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(here, entry.name);
      if (entry.isDirectory()) {
        if (recursive) await visit(join(beneath, entry.name));
      } else if (isPicture(entry.name) && !ourResult.test(entry.name)) {
        if (entry.isFile() || (entry.isSymbolicLink() && (await kindOf(path)) === 'file'))
          found.push({ path, beneath });
      }
    }
  };
  await visit('');
  return sorted(found);
}

async function picturesIn(folder: string, recursive: boolean): Promise<Source[]> {
  const found = await listFolder(folder, recursive);
  if (found.length > 0) return found;
  const advice = recursive ? 'Name another folder.' : 'Name another folder, or add --recursive for those inside it.';
  throw new ImageError(
    'image/missing',
    `${folder}: no picture in this folder. ${lookedFor}, but not for results (NAME-dream.*). ${advice}`,
  );
}

/** Files that a glob matches: pictures but no results, unless the glob spells out an extension or `-dream`. */
async function picturesLike(glob: string): Promise<Source[]> {
  const { glob: expand } = await import('tinyglobby');
  const pattern = process.platform === 'win32' ? glob.replaceAll('\\', '/') : glob;
  const last = basename(pattern);
  const spellsExtension = extname(last) !== '' && !globCharacters.test(extname(last));
  const matches = await expand(
    // These would mean something else here than they do to a shell.
    pattern.replace(/[()]|^!/g, '\\$&'),
    { expandDirectories: false, caseSensitiveMatch: process.platform !== 'win32' && process.platform !== 'darwin' },
  );
  const start = fixedFolderOf(pattern);
  const found = matches
    .filter((path) => {
      const name = basename(path);
      if (name.startsWith('.') && !last.startsWith('.')) return false;
      if (ourResult.test(name) && !last.includes('-dream')) return false;
      return spellsExtension || isPicture(name);
    })
    .map((path) => ({ path, beneath: relative(start, dirname(path)) }));
  if (found.length > 0) return sorted(found);
  throw new ImageError('image/missing', `${glob}: no picture has such a name. Check the pattern.`);
}

/** The folder that a glob starts in: what stands before the first part with a special character. */
function fixedFolderOf(pattern: string): string {
  const parts = pattern.split('/').slice(0, -1);
  const wild = parts.findIndex((part) => globCharacters.test(part));
  const fixed = (wild < 0 ? parts : parts.slice(0, wild)).join('/');
  return fixed === '' && pattern.startsWith('/') ? '/' : fixed;
}

function isPicture(name: string): boolean {
  return extensions.has(extname(name).toLowerCase());
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}

function sorted(sources: readonly Source[]): Source[] {
  return sources.toSorted((a, b) => natural.compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
}

function withoutRepeats(sources: readonly Source[]): Source[] {
  const seen = new Set<string>();
  return sources.filter(({ path }) => {
    if (path === standardStream) return true;
    const place = resolve(path);
    return !seen.has(place) && seen.add(place);
  });
}
