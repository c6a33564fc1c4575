/** What a network sees: its layers, how much of the picture each of them looks at, and what they answer to a picture. */
export { type Activations, activations, channelMeans, type LayerActivations } from './activations.js';
export { type ClassScore, topClasses } from './classes.js';
export type { LookLimits } from './forward.js';
export { activationMap, heatMap, heatOverlay } from './heat-map.js';
export { type LayerRow, listLayers } from './layers.js';
export { type RankedChannel, rankChannels } from './rank.js';
export {
  type ChannelPicture,
  type ChannelsPlan,
  directionOfChannel,
  planChannels,
  type VisualizeChannelsOptions,
  visualizeChannels,
} from './visualize-channels.js';
export { visualizationOptionsOf } from './visualize-options.js';
export { parseTargets, type VisualizationTarget } from './visualize-targets.js';
