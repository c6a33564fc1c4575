import type { FlowField, LightPicture } from '../../../../movie/index.js';

/** A request to the thread that finds flow; answers come in the order of the requests. */
export interface FlowRequest {
  readonly from: LightPicture;
  readonly to: LightPicture;
}

/** Its answer. */
export type FlowAnswer = { readonly flow: FlowField } | { readonly error: string };
