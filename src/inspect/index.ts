/** What a network sees: its layers, how much of the picture each of them looks at, and what they answer to a picture. */
export { type Activations, activations, channelMeans, type LayerActivations } from './activations.js';
export { type ClassScore, topClasses } from './classes.js';
export type { LookLimits } from './forward.js';
export { activationMap, heatMap, heatOverlay } from './heat-map.js';
export { type LayerRow, listLayers } from './layers.js';
export { type RankedChannel, rankChannels } from './rank.js';
