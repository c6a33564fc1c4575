import { useEffect, useRef } from 'react';
import type { Preview } from '../../../../src/index.js';

/** The dream as it stands, stretched over the place of the picture. */
export function PreviewCanvas({ preview, label }: { readonly preview: Preview; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width, height, rgb } = preview;
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
      image.data[4 * i + 3] = 255;
    }
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [preview]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={preview.width}
      height={preview.height}
      className="absolute inset-0 size-full"
    />
  );
}
