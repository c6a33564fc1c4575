/** What a network sees: its layers, and how much of the picture each of them looks at. */
export { type LayerRow, listLayers } from './layers.js';
