import { DownloadError, PareidoliaError } from '../../errors.js';
import { Network, type NetworkSource } from '../../models/index.js';
import { readModel } from '../../onnx/index.js';

/** What recipes and messages call the network that ships inside the package. */
export const builtInName = 'built-in';

/** How far a download has come. */
export interface DownloadProgress {
  /** Bytes that are here. */
  readonly receivedBytes: number;
  /** Bytes there will be; undefined where the server does not say, or compresses what it sends. */
  readonly totalBytes: number | undefined;
}

/** What is known of a network before it is read. */
export interface NetworkBytesOptions extends Pick<NetworkSource, 'given' | 'recipe' | 'card'> {
  /** What messages and recipes call it: `built-in`, or the file's name. */
  readonly name: string;
}

/** What {@link fetchNetwork} is told. */
export interface FetchNetworkOptions extends NetworkBytesOptions {
  /** Is told how far the download has come. Default: nobody is. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Gives the download up. Default: it goes to its end. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a network from an address, such as that of the package's `inception-v3.onnx`.
 *
 * @throws DownloadError `download/failed` when it cannot be fetched
 * @throws ModelError when what comes is not a network that takes a colour picture
 */
export async function fetchNetwork(url: string, options: FetchNetworkOptions): Promise<Network> {
  const { name, onProgress, signal } = options;
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await networkOf(await received(response, onProgress), options);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (!(cause instanceof Error) || cause instanceof PareidoliaError) throw cause;
    throw new DownloadError(
      'download/failed',
      `${name}: the network could not be fetched (${cause.message.replace(/\.$/, '')}). Check the connection and try again.`,
      { cause },
    );
  }
}

/**
 * A network from the bytes of an ONNX file, such as one that a user picks.
 *
 * @param bytes the whole file; the weights are views of them, so they must not be changed
 * @throws ModelError when they are not a network that takes a colour picture
 */
export async function networkOf(
  bytes: Uint8Array<ArrayBuffer>,
  { name, ...source }: NetworkBytesOptions,
): Promise<Network> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return new Network(readModel(bytes, { name }), { ...source, name, sha256 });
}

async function received(
  response: Response,
  onProgress: FetchNetworkOptions['onProgress'],
): Promise<Uint8Array<ArrayBuffer>> {
  const said = Number(response.headers.get('content-length'));
  const totalBytes = said > 0 && !response.headers.has('content-encoding') ? said : undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let receivedBytes = 0;
  const reader = response.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    receivedBytes += part.value.length;
    onProgress?.({ receivedBytes, totalBytes });
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
