import { useEffect, useRef } from 'react';
import { type Activations, heatOverlay } from '../../../../../src/index.js';

interface HeatCanvasProps {
  readonly answer: Activations;
  readonly channel: number;
  readonly label: string;
  readonly className?: string;
}

/** Where in the photo a channel lights up: the photo in grey, with heat over it. */
export function HeatCanvas({ answer, channel, label, className = '' }: HeatCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = answer.picture;
  useEffect(() => {
    const { data } = heatOverlay(answer.layers[0]!, channel, answer.picture);
    const image = new ImageData(width, height);
    const area = width * height;
    for (let i = 0; i < area; i++) {
      for (let plane = 0; plane < 3; plane++) image.data[4 * i + plane] = 255 * data[plane * area + i]!;
      image.data[4 * i + 3] = 255;
    }
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [answer, channel, width, height]);
  return (
    <canvas ref={canvas} role="img" aria-label={label} width={width} height={height} className={`block ${className}`} />
  );
}
