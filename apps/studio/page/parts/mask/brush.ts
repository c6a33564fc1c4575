/** What is done to a mask on its canvas: opaque pixels dream. */

/** A place on the mask, in its pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A shape that covers much of a picture at once. */
export type Shape = 'ellipse' | 'rectangle' | 'left' | 'right' | 'upper' | 'lower' | 'all';

/** All shapes, in the order in which they are offered. */
export const shapes: readonly Shape[] = ['ellipse', 'rectangle', 'left', 'right', 'upper', 'lower', 'all'];

/** Seen through at half strength over any photo. */
const colour = 'rgb(64, 224, 196)';

function prepare(context: CanvasRenderingContext2D, tool: 'paint' | 'erase'): void {
  context.globalCompositeOperation = tool === 'paint' ? 'source-over' : 'destination-out';
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineCap = 'round';
}

/** Draws with the brush from one place to another, or a dab where both are the same. */
export function drawStroke(
  context: CanvasRenderingContext2D,
  tool: 'paint' | 'erase',
  from: Place,
  to: Place,
  radius: number,
): void {
  prepare(context, tool);
  context.lineWidth = 2 * radius;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  // A line of no length draws nothing.
  context.beginPath();
  context.arc(to.x, to.y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Fills a shape. */
export function drawShape(context: CanvasRenderingContext2D, tool: 'paint' | 'erase', shape: Shape): void {
  prepare(context, tool);
  const { width, height } = context.canvas;
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  context.beginPath();
  switch (shape) {
    case 'ellipse':
      context.ellipse(halfWidth, halfHeight, 0.32 * width, 0.36 * height, 0, 0, 2 * Math.PI);
      break;
    case 'rectangle':
      context.rect(0.2 * width, 0.2 * height, 0.6 * width, 0.6 * height);
      break;
    case 'left':
      context.rect(0, 0, halfWidth, height);
      break;
    case 'right':
      context.rect(halfWidth, 0, halfWidth, height);
      break;
    case 'upper':
      context.rect(0, 0, width, halfHeight);
      break;
    case 'lower':
      context.rect(0, halfHeight, width, halfHeight);
      break;
    case 'all':
      context.rect(0, 0, width, height);
  }
  context.fill();
}

/** Shows a mask on a canvas of its size. */
export function drawMask(context: CanvasRenderingContext2D, alpha: Uint8ClampedArray | undefined): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (!alpha) return;
  const image = new ImageData(width, height);
  for (const [i, value] of alpha.entries()) image.data[4 * i + 3] = value;
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
}
