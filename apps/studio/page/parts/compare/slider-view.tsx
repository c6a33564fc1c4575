import { useState } from 'react';
import { useWords } from '../../words/index.js';
import { Slider } from '../slider.js';
import type { ShownPicture } from './side-view.js';

/** Two pictures over each other, with a seam between them that a slider moves. */
export function SliderView({ first, second }: { readonly first: ShownPicture; readonly second: ShownPicture }) {
  const words = useWords();
  const [seam, setSeam] = useState(50);
  const { width, height } = first.size;
  return (
    <div>
      <div
        className="relative mx-auto overflow-hidden rounded-xl bg-stage"
        style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(68vh * ${width / height})` }}
      >
        <img src={second.url} alt={second.label} className="absolute inset-0 size-full object-contain" />
        <img
          src={first.url}
          alt={first.label}
          className="absolute inset-0 size-full bg-stage object-contain"
          style={{ clipPath: `inset(0 ${100 - seam}% 0 0)` }}
        />
        <div
          aria-hidden="true"
          className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]"
          style={{ left: `${seam}%` }}
        />
      </div>
      <Slider
        className="mt-3"
        value={seam}
        min={0}
        max={100}
        step={1}
        aria-label={words.compareView.slider}
        aria-valuetext={words.compareView.sliderValue(seam)}
        onValue={setSeam}
      />
    </div>
  );
}
