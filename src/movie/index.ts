/** Movies of dreams: endless zooms from photos, and dreamed videos; how frames are made, and how they are shown. */
export { holdTones } from './drift.js';
export { type Flashing, FlashMeter } from './flashes.js';
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
export { type FrameFacts, parseFrameFacts, parseMovieRecipe } from './parse-recipe.js';
export { playOrder } from './play-order.js';
export { type MoviePreset, moviePresets, type ZoomSettings, zoomSettingsOf } from './presets/index.js';
export { createMovieRecipe, type FramesRecipe, frameRecipe, type MovieRecipe } from './recipe.js';
export { type Approach, type FrameScript, MovieScript } from './script.js';
export { valuesAt } from './tracks.js';
export { evenlyTiled, resolveVideo } from './video/decide-video.js';
export { flicker } from './video/flicker.js';
export { type FlowField, type FlowFinder, type LightPicture, lightOf, warped } from './video/flow.js';
export { type Motion, motionBetween, visibleIn } from './video/motion.js';
export { sceneChange } from './video/scene-change.js';
export { videoBytes } from './video/video-bytes.js';
export { dreamVideoFrame, type VideoFrameSource } from './video/video-frame.js';
export { type VideoOptions, videoOptions } from './video/video-options.js';
export { createVideoRecipe, type VideoRecipe, videoFrameRecipe } from './video/video-recipe.js';
export { type VideoFrameScript, VideoScript } from './video/video-script.js';
export { type VideoSettings, videoPresets, videoSettingsOf } from './video/video-settings.js';
