import { type DreamOptions, drawInteger, splitOutsideBrackets } from '../../dream/index.js';
import type { VideoSettings } from './video-settings.js';

/** One frame of a dreamed video, with everything decided but its picture. */
export interface VideoFrameScript {
  /** Counted from 1. */
  readonly frame: number;
  /** Options of its dream. The seed is the same in all frames, so that one that stands still is dreamed the same way. */
  readonly options: DreamOptions;
  /** How it goes together with the frame before. */
  readonly blending: VideoSettings['video']['blending'];
  /** How much of the frame before it starts with, 0 to 1. */
  readonly share: number;
  /** The change of colours from which on it begins another scene. */
  readonly cut: number;
}

/** Frames after which DeepDreamVideo's loop comes back. */
const loopLength = 10;

/** What happens in every frame of a dreamed video. */
export class VideoScript {
  /** What it was made from; the dreams' options hold a seed. */
  readonly settings: VideoSettings;
  /** The sets of layers that take turns. */
  readonly layers: readonly string[];

  /** @param settings with a seed among those of the dreams */
  constructor(settings: VideoSettings) {
    this.settings = settings;
    const { cycle } = settings.video;
    this.layers = cycle === 'none' ? [settings.dream.layers] : splitOutsideBrackets(cycle, ';');
  }

  /** One frame, counted from 1. */
  frame(frame: number): VideoFrameScript {
    const { video, dream } = this.settings;
    const turn = Math.floor((frame - 1) / video.cycleEvery) % this.layers.length;
    return {
      frame,
      options: { ...dream, layers: this.layers[turn]! },
      blending: video.blending,
      share: this.#shareAt(frame),
      cut: video.cut,
    };
  }

  /**
   * How much of the frame before a frame starts with. `loop` and `random` are those of DeepDreamVideo
   * (graphific/DeepDreamVideo, 2_dreaming_time.py), which count how much of the new frame: from 0.5 to 1 and back in
   * steps of 0.1, or by chance from 0.5 to 1.
   */
  #shareAt(frame: number): number {
    const { blending, blend } = this.settings.video;
    const most = blend ?? (blending === 'flow' ? 0.8 : 0.5);
    switch (blending) {
      case 'flow':
      case 'const':
        return most;
      case 'loop':
        return (most * Math.abs(loopLength / 2 - ((frame - 1) % loopLength))) / (loopLength / 2);
      case 'random':
        return (most * drawInteger(0, 1_000_000, this.settings.dream.seed ?? 0, frame, blendPlace)) / 1_000_000;
      case 'none':
        return 0;
    }
  }
}

/** Sets what is drawn for blending apart from what the dreams draw. */
const blendPlace = 0xb1e4d;
