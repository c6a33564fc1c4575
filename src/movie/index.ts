/** Endless zoom movies: what the camera does, what a frame is made from, and how the frames are shown. */
export { holdTones } from './drift.js';
export { dreamFrame, type FrameSource } from './frame.js';
export {
  type CameraMove,
  type Easing,
  easings,
  type Keyframe,
  keyable,
  mapKeyedLayers,
  parseKeyframes,
} from './keyframes.js';
export { seen, type View, viewOf } from './move-camera.js';
export { type ZoomOptions, zoomOptions } from './options.js';
export { playOrder } from './play-order.js';
export { type MoviePreset, moviePresets, type ZoomSettings, zoomSettingsOf } from './presets/index.js';
export { createMovieRecipe, type FramesRecipe, frameRecipe, type MovieRecipe } from './recipe.js';
export { type Approach, type FrameScript, MovieScript } from './script.js';
export { valuesAt } from './tracks.js';
