import { join } from 'node:path';
import { DownloadError, OptionError } from '../../../errors.js';
import type { CatalogueEntry } from '../../../models/index.js';
import { type DownloadOptions, digestOfFile, downloadFile } from './download-file.js';
import { keepModel } from './keep-model.js';
import { type Environment, findModel, modelFolder } from './model-folders.js';
import { unknownModel } from './unknown-model.js';

/** How to fetch a network. */
export interface PullOptions extends DownloadOptions {
  /** Folder on a server that has the files under their names; default: `PAREIDOLIA_MODEL_MIRROR`, or the catalogue's addresses. */
  readonly mirror?: string | undefined;
  /** Refuse to use the network; default: whether `PAREIDOLIA_OFFLINE` is set. */
  readonly offline?: boolean | undefined;
}

/** A network that was fetched. */
export interface PulledModel {
  /** What `--model` takes. */
  readonly name: string;
  /** The file in the cache. */
  readonly path: string;
  /** True when it was there already and nothing was fetched. */
  readonly wasHere: boolean;
}

/**
 * Fetches a network of a catalogue into the cache. What came is checked against the catalogue's length and digest before
 * it gets its name; a download that was cut is gone on with.
 *
 * @throws ModelError `model/missing` for a name that no catalogue has
 * @throws DownloadError when it cannot be fetched, or `download/offline` when it may not
 * @throws OutputError when the cache cannot be written to
 */
export async function pullModel(name: string, options: PullOptions = {}): Promise<PulledModel> {
  const model = await findModel(name);
  if (!model) throw await unknownModel(name);
  if (model.state === 'here') {
    return { name, path: join(model.folder, model.record!.file), wasHere: true };
  }
  if (!model.entry) throw await unknownModel(name);
  return { ...(await pullEntry(model.entry, options)), wasHere: false };
}

async function pullEntry(entry: CatalogueEntry, options: PullOptions): Promise<{ name: string; path: string }> {
  const { name, file, sizeBytes, sha256, md5 } = entry;
  const { mirror, offline } = { ...environmentOptions(process.env), ...given(options) };
  if (offline) {
    throw new DownloadError(
      'download/offline',
      `${name} is not here and may not be fetched offline (${sizeBytes} bytes). Leave out --offline or PAREIDOLIA_OFFLINE, or bring the file and use: pareidolia models add ${file}`,
    );
  }
  const path = join(modelFolder(name), file);
  const digest = sha256 ? ({ algorithm: 'sha256', hex: sha256 } as const) : ({ algorithm: 'md5', hex: md5! } as const);
  const addresses = mirror ? [mirrorAddress(mirror, file)] : entry.addresses;
  // Whole already when what was to be done with it afterwards failed.
  const isWhole = (await digestOfFile(path, digest.algorithm).catch(() => '')) === digest.hex;
  if (!isWhole) await downloadFile({ name, addresses, sizeBytes, digest, path }, options);
  await keepModel(name, file);
  return { name, path };
}

function given({ mirror, offline }: PullOptions): Pick<PullOptions, 'mirror' | 'offline'> {
  return { ...(mirror !== undefined && { mirror }), ...(offline !== undefined && { offline }) };
}

function environmentOptions(environment: Environment): Pick<PullOptions, 'mirror' | 'offline'> {
  const offline = environment['PAREIDOLIA_OFFLINE'];
  return { mirror: environment['PAREIDOLIA_MODEL_MIRROR'] || undefined, offline: Boolean(offline) && offline !== '0' };
}

/** The address of a file on a mirror: the mirror's own, a slash, the file's name. */
function mirrorAddress(mirror: string, file: string): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new OptionError(
      'option/invalid',
      '--mirror: expected a web address (http or https, without a name and password in it), such as https://example.org/models.',
    );
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${file}`;
  return url.href;
}
