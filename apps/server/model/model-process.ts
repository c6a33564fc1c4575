/** Reads a network's layers in a process of its own: model files are large, and read natively nowhere else either. */
import { listLayers, PareidoliaError } from '../../../src/platform/node/index.js';
import { loadNamed } from '../kinds/materials.js';

/** A network's layers, as `GET /api/model` shows them. */
export interface ModelFacts {
  readonly name: string;
  readonly sha256: string;
  readonly layers: readonly {
    readonly name: string;
    readonly op: string;
    readonly inputs: readonly string[];
    readonly kernel: readonly [number, number] | null;
    readonly kind: 'block' | 'layer';
    readonly channels: number;
    readonly stride: number;
    /** Pixels; `null` where it is all of them. */
    readonly receptiveField: number | null;
  }[];
  /** What its classes are called; `null` for a network that has none. */
  readonly labels: readonly string[] | null;
}

/** What the process answers. */
export type ModelAnswer = ModelFacts | { readonly refused: { readonly code: string; readonly message: string } };

/** Layers that need larger pictures than this are left out. */
const side = 299;

async function look(name: string): Promise<ModelAnswer> {
  try {
    const network = await loadNamed({ name });
    const layers = listLayers(network, { width: side, height: side }).map((row) => ({
      ...{ name: row.name, op: row.op, inputs: row.inputs, kernel: row.kernel },
      ...{ kind: row.kind, channels: row.channels, stride: row.stride },
      receptiveField: Number.isFinite(row.receptiveField) ? row.receptiveField : null,
    }));
    return { name, sha256: network.sha256, layers, labels: network.labels ?? null };
  } catch (error) {
    if (!(error instanceof PareidoliaError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

process.once('message', (name: string) => {
  void look(name).then((answer) => process.send!(answer, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(1));
